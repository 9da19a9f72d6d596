/** A new machine that reports, for one area. */

import { SOURCE_KINDS, type SourceKind } from "../../api/access";
import { say } from "../../words/words";
import { Alert } from "../Alert";
import { Buttons, Dialog } from "../dialogs/Dialog";
import { fieldsOf, useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { AreaField } from "../page/fields";

/** The dialog. */
export function NewSource({ close, made }: { close: () => void; made: () => void }) {
  const { client, desk } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  async function make(submitted: SubmitEvent): Promise<void> {
    const { name = "", kind = "", area_id } = fieldsOf(submitted);
    if (
      !(await attempt(() =>
        client.addSource({ name: name.trim(), kind: kind as SourceKind, area_id: Number(area_id) }),
      ))
    )
      return;
    desk.tell(say("saved"));
    made();
    close();
  }
  return (
    <Dialog title={say("source.make")} close={close}>
      <form onSubmit={make}>
        <label class="field">
          {say("source.name")}
          <input name="name" maxLength={64} autocomplete="off" spellcheck={false} required />
        </label>
        <label class="field">
          {say("source.what")}
          <select name="kind">
            {SOURCE_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {say(`source.kind.${kind}`)}
              </option>
            ))}
          </select>
        </label>
        <AreaField label={say("account.area")} name="area_id" areas={desk.areas()} />
        <Alert>{wrong.value}</Alert>
        <Buttons busy={busy.value} submit={say("source.make_submit")} cancel={close} />
      </form>
    </Dialog>
  );
}
