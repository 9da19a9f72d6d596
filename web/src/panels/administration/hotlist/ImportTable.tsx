/** A whole table of plates: what was taken, and which rows were not and why. */

import { useSignal } from "@preact/signals";
import type { Imported } from "../../../api/hotlist";
import { say, sayOf } from "../../../words/words";
import { Alert } from "../../Alert";
import { Buttons, Dialog } from "../../dialogs/Dialog";
import { useTrial } from "../../dialogs/trial";
import { useHouse } from "../../house";
import { textOf } from "./table";

function Report({ told }: { told: Imported }) {
  return (
    <div role="status">
      <p>{say("hotlist.imported", { added: told.added, refused: told.refused })}</p>
      <ul class="lines">
        {told.rows.map((row) => (
          <li key={row.line}>
            {say("hotlist.line", { n: row.line })} · {row.column} · {sayOf("hotlist.why", row.why)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The dialog. */
export function ImportTable({ close, made }: { close: () => void; made: () => void }) {
  const { client } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  const told = useSignal<Imported | null>(null);
  async function bring(submitted: SubmitEvent): Promise<void> {
    submitted.preventDefault();
    const file = new FormData(submitted.target as HTMLFormElement).get("table");
    if (!(file instanceof File)) return;
    const done = await attempt(async () => client.importHotlist(textOf(await file.arrayBuffer())));
    if (!done) return;
    told.value = done.done;
    made();
  }
  return (
    <Dialog title={say("hotlist.import")} close={close}>
      <form onSubmit={bring}>
        <p class="dim">{say("hotlist.import_how")}</p>
        <label class="field">
          {say("hotlist.import_file")}
          <input type="file" name="table" accept=".csv,text/csv" required />
        </label>
        <Alert>{wrong.value}</Alert>
        {told.value && <Report told={told.value} />}
        <Buttons busy={busy.value} submit={say("hotlist.import")} cancel={close} />
      </form>
    </Dialog>
  );
}
