/** The dialogs of the plans: a new entry, and a new version with what it is for. */
import { say, sayOf } from "../../../words/words";
import { Buttons, Dialog } from "../../dialogs/Dialog";
import { fieldsOf } from "../../dialogs/trial";
import { useHouse } from "../../house";
import type { Part } from "./draft";

/** It begins as a copy of the one that is open. */
export function NewEntry({
  part,
  taken,
  close,
  make,
}: {
  part: Part;
  taken: string[];
  close: () => void;
  make: (name: string) => void;
}) {
  function name(submitted: SubmitEvent): void {
    const made = fieldsOf(submitted).name?.trim() ?? "";
    if (taken.includes(made)) return;
    make(made);
    close();
  }
  return (
    <Dialog title={`${say("plans.make")}: ${sayOf("plans.part", part)}`} close={close}>
      <form onSubmit={name}>
        <label class="field">
          {say("plans.name")}
          <input name="name" pattern="[a-z][a-z0-9_]*" maxLength={48} autocomplete="off" spellcheck={false} required />
          <span class="dim">{say("contact.role_hint")}</span>
        </label>
        <Buttons busy={false} submit={say("plans.make_submit")} cancel={close} />
      </form>
    </Dialog>
  );
}

/** A version is never made without a word of why. */
export function Save({
  changed,
  close,
  save,
}: {
  changed: string[];
  close: () => void;
  save: (note: string) => Promise<boolean>;
}) {
  const { desk } = useHouse();
  async function keep(submitted: SubmitEvent): Promise<void> {
    if (await save(fieldsOf(submitted).note?.trim() ?? "")) close();
  }
  return (
    <Dialog title={say("plans.save")} close={close}>
      <form onSubmit={keep}>
        <p class="dim">{say("plans.save_hint")}</p>
        <p class="changed">{changed.slice(0, 12).join(", ")}</p>
        <label class="field">
          {say("plans.note")}
          <textarea name="note" rows={2} maxLength={2000} required />
        </label>
        <Buttons busy={desk.busy.value} submit={say("plans.save_submit")} cancel={close} />
      </form>
    </Dialog>
  );
}
