/** A plate to be looked for: why, on what grounds, for whom, where and until when. */

import { HOTLIST_KINDS, type HotlistKind } from "../../../api/hotlist";
import { say } from "../../../words/words";
import { Alert } from "../../Alert";
import { Buttons, Dialog } from "../../dialogs/Dialog";
import { fieldsOf, useTrial } from "../../dialogs/trial";
import { useHouse } from "../../house";
import { AreaField } from "../../page/fields";

const DAY_MS = 24 * 3600 * 1000;

/** When a day such as `2026-12-31` ends in Kazakhstan, as all times of the windows are told; pure. */
export function endOfDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00+05:00`) + DAY_MS).toISOString();
}

/** The dialog. */
export function NewEntry({ close, made }: { close: () => void; made: () => void }) {
  const { client, desk } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  async function make(submitted: SubmitEvent): Promise<void> {
    const { plate = "", kind, legal_basis = "", owner = "", area_id, until = "", note = "" } = fieldsOf(submitted);
    const entry = { plate, legal_basis, owner, note, kind: kind as HotlistKind, area_id: Number(area_id) };
    if (!(await attempt(() => client.lookFor({ ...entry, ends_at: endOfDay(until) })))) return;
    desk.tell(say("saved"));
    made();
    close();
  }
  return (
    <Dialog title={say("hotlist.make")} close={close}>
      <form onSubmit={make}>
        <label class="field">
          {say("hotlist.plate")}
          <input name="plate" maxLength={20} placeholder="123 ABC 02" autocomplete="off" spellcheck={false} required />
        </label>
        <label class="field">
          {say("hotlist.kind")}
          <select name="kind">
            {HOTLIST_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {say(`hotlist.kind.${kind}`)}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          {say("hotlist.legal_basis")}
          <input
            name="legal_basis"
            minLength={3}
            maxLength={500}
            placeholder={say("hotlist.legal_basis_how")}
            autocomplete="off"
            required
          />
        </label>
        <label class="field">
          {say("hotlist.owner")}
          <input name="owner" maxLength={200} autocomplete="off" required />
        </label>
        <AreaField label={say("account.area")} name="area_id" areas={desk.areas()} />
        <label class="field">
          {say("hotlist.until")}
          <input type="date" name="until" required />
        </label>
        <label class="field">
          {say("hotlist.note")}
          <textarea name="note" maxLength={1000} rows={2} />
        </label>
        <Alert>{wrong.value}</Alert>
        <Buttons busy={busy.value} submit={say("hotlist.make_submit")} cancel={close} />
      </form>
    </Dialog>
  );
}
