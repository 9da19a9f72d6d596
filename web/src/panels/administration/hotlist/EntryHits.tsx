/** Where a plate of the list was seen, newest first. */

import type { HotlistEntry } from "../../../api/hotlist";
import { say } from "../../../words/words";
import { Alert } from "../../Alert";
import { Dialog } from "../../dialogs/Dialog";
import { useHouse } from "../../house";
import { HitLine } from "../../PlateHit";
import { useAsked } from "../../page/asked";

/** The dialog. */
export function EntryHits({ entry, close }: { entry: HotlistEntry; close: () => void }) {
  const { client } = useHouse();
  const { value, wrong } = useAsked(async () => (await client.hits(entry.id)).hits, [entry.id]);
  return (
    <Dialog title={say("hotlist.hits_of", { plate: entry.plate })} close={close}>
      <p class="hint">{say("hotlist.lead")}</p>
      <Alert>{wrong.value}</Alert>
      {value.value?.length === 0 && <p class="empty">{say("hotlist.no_hits")}</p>}
      <ol class="lines">
        {value.value?.map((hit, i) => (
          <HitLine key={hit.event_id} hit={hit} number={i + 1} />
        ))}
      </ol>
    </Dialog>
  );
}
