/** The dialogs of the plans: a new entry, what changed, and a new version with what it is for. */

import type { Content } from "../../../api/plan_content";
import { say } from "../../../words/words";
import { Alert } from "../../Alert";
import { Buttons, Dialog } from "../../dialogs/Dialog";
import { fieldsOf } from "../../dialogs/trial";
import { called } from "./bench";
import { Compare } from "./Compare";
import { type Entry, listOf } from "./draft";

/** It begins as a copy of the one that is open. */
export function NewEntry(props: { content: Content; like: Entry; close: () => void; make: (name: string) => void }) {
  const { content, like, close, make } = props;
  const taken = listOf(content, like.part);
  function differs(typed: { currentTarget: HTMLInputElement }): void {
    const field = typed.currentTarget;
    field.setCustomValidity(field.value.trim() in taken ? say("plans.name_taken") : "");
  }
  function name(submitted: SubmitEvent): void {
    make(fieldsOf(submitted).name?.trim() ?? "");
    close();
  }
  return (
    <Dialog title={say("plans.make")} close={close}>
      <form onSubmit={name}>
        <p class="dim">{say("plans.make_hint", { title: called(content, like) })}</p>
        <label class="field">
          {say("plans.name")}
          <input
            name="name"
            pattern="[a-z][a-z0-9_]*"
            maxLength={48}
            autocomplete="off"
            spellcheck={false}
            onInput={differs}
            required
          />
          <span class="dim">{say("contact.role_hint")}</span>
        </label>
        <Buttons busy={false} submit={say("plans.make_submit")} cancel={close} />
      </form>
    </Dialog>
  );
}

/** What changed so far; each entry can be put back. */
export function Changes(props: {
  before: Content;
  after: Content;
  close: () => void;
  putBack: ((entry: Entry) => void) | undefined;
}) {
  return (
    <Dialog title={say("plans.changes")} close={props.close} wide>
      <Compare before={props.before} after={props.after} putBack={props.putBack} />
    </Dialog>
  );
}

type Save = {
  before: Content;
  after: Content;
  busy: boolean;
  wrong: string;
  close: () => void;
  save: (note: string) => Promise<boolean>;
};

/** A version is never made without a look at what it changes, and a word of why. */
export function Save({ before, after, busy, wrong, close, save }: Save) {
  async function keep(submitted: SubmitEvent): Promise<void> {
    if (await save(fieldsOf(submitted).note?.trim() ?? "")) close();
  }
  return (
    <Dialog title={say("plans.save")} close={close} wide>
      <form onSubmit={keep}>
        <p class="dim">{say("plans.save_hint")}</p>
        <Compare before={before} after={after} />
        <label class="field">
          {say("plans.note")}
          <textarea name="note" rows={2} maxLength={2000} required />
        </label>
        <Alert>{wrong}</Alert>
        <Buttons busy={busy} submit={say("plans.save_submit")} cancel={close} />
      </form>
    </Dialog>
  );
}
