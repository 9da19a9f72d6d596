/** Exports: original bytes of what is shown, signed; how far each is, its download, and how it is verified. */
import { useEffect } from "preact/hooks";
import type { Export, Recordings } from "../../api/recordings";
import { addressOf } from "../../video/archive/taking";
import { date, clock as time } from "../../words/formats";
import { say, sayOf } from "../../words/words";
import { Alert } from "../Alert";
import { Buttons, Dialog } from "../dialogs/Dialog";
import { fieldsOf, useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { Grounds } from "./Grounds";

const AGAIN_MS = 3000;
const MIB = 1024 * 1024;
const UNDER_WAY = new Set(["waiting", "building"]);

function Line({ one, take }: { one: Export; take: () => void }) {
  return (
    <li>
      №{one.id} · {date(one.begins_at)}, {time(one.begins_at)} – {time(one.ends_at)} · {one.asked_by} ·{" "}
      <b class={one.state === "failed" ? "bad" : ""}>{say(`archive.export.${one.state}`)}</b>
      {one.why && <span class="dim because"> {sayOf("archive.fault", one.why)}</span>}
      {one.state === "ready" && (
        <>
          {" "}
          <button type="button" onClick={take}>
            {say("archive.download", { mib: Math.max(1, Math.round((one.bytes ?? 0) / MIB)) })}
          </button>
          <br />
          <span class="dim">{say("archive.key", { key: one.key_id ?? "" })}</span>
        </>
      )}
    </li>
  );
}

/** The dialog. */
export function ExportDialog({ shown, purpose, close }: { shown: Recordings; purpose: string; close: () => void }) {
  const { client } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  const asked = useAsked(() => client.exports(purpose));
  const exports = asked.value.value?.exports ?? [];
  const waits = exports.some((one) => UNDER_WAY.has(one.state));
  useEffect(() => {
    if (!waits) return;
    const looks = setInterval(() => void asked.again(), AGAIN_MS);
    return () => clearInterval(looks);
  }, [waits]);
  async function make(submitted: SubmitEvent): Promise<void> {
    const { reason = "", legal_basis = "" } = fieldsOf(submitted);
    const cameras = shown.cameras.map((camera) => camera.id);
    const of = { cameras, begins_at: shown.begins_at, ends_at: shown.ends_at, reason, legal_basis };
    if (await attempt(() => client.exportVideo(of, purpose))) await asked.again();
  }
  async function take(id: number): Promise<void> {
    const found = await attempt(async () => addressOf(await client.exportTicket(id, purpose)));
    if (!found) return;
    const link = document.createElement("a");
    link.href = found.done;
    link.rel = "noreferrer";
    link.click();
  }
  return (
    <Dialog title={say("archive.export")} close={close} wide>
      <form onSubmit={(submitted) => void make(submitted)}>
        <p>
          {say("archive.export_of", {
            names: shown.cameras.map((camera) => camera.code).join(", "),
            from: `${date(shown.begins_at)}, ${time(shown.begins_at)}`,
            to: `${date(shown.ends_at)}, ${time(shown.ends_at)}`,
          })}
        </p>
        <Grounds />
        <Alert>{wrong.value || asked.wrong.value}</Alert>
        <Buttons busy={busy.value} submit={say("archive.export_make")} cancel={close} />
      </form>
      {exports.length > 0 && (
        <ul class="lines" aria-label={say("archive.exports")} aria-live="polite">
          {exports.slice(0, 10).map((one) => (
            <Line key={one.id} one={one} take={() => void take(one.id)} />
          ))}
        </ul>
      )}
      <p class="dim">{say("archive.verify")}</p>
    </Dialog>
  );
}
