/** An export is asked for before the browser is sent there: of a link, a refusal would take the window's own place. */
import { Refused, refusal } from "../../api/ask";
import type { PlaybackTicket } from "../../api/recordings";

type Fetch = (address: string, init: RequestInit) => Promise<Response>;

/** Return where the export lies once the door hands it out; throws what it refuses. By the same ticket it is had again. */
export async function addressOf(
  ticket: Pick<PlaybackTicket, "address" | "ticket">,
  ask: Fetch = (address, init) => fetch(address, init),
): Promise<string> {
  const address = `${ticket.address}/export?ticket=${ticket.ticket}`;
  const enough = new AbortController();
  const answer = await ask(address, { signal: enough.signal, credentials: "omit", cache: "no-store" }).catch(() => {
    throw new Refused(0, "no_answer", null);
  });
  if (!answer.ok) throw await refusal(answer);
  enough.abort(); // the bytes come by the link: they may be more than a page can hold
  return address;
}
