/** A new password for one's own account. */

import { say } from "../../words/words";
import { Alert } from "../Alert";
import { useHouse } from "../house";
import { Buttons, Dialog } from "./Dialog";
import { fieldsOf, useTrial } from "./trial";

/** The shortest password that the server takes, letters (NIST SP 800-63B, 5.1.1.2). */
export const SHORTEST_PASSWORD = 8;

/** The two fields of a new password; they must be the same. */
export function NewPasswordFields() {
  function same(typed: InputEvent): void {
    const form = (typed.target as HTMLInputElement).form;
    const [fresh, again] = ["fresh", "again"].map((name) => form?.elements.namedItem(name) as HTMLInputElement);
    again?.setCustomValidity(fresh?.value === again.value ? "" : say("password.differ"));
  }
  return (
    <>
      <label class="field">
        {say("password.fresh")}
        <input
          name="fresh"
          type="password"
          autocomplete="new-password"
          minLength={SHORTEST_PASSWORD}
          maxLength={256}
          required
          onInput={same}
        />
        <span class="dim">{say("password.hint", { n: SHORTEST_PASSWORD })}</span>
      </label>
      <label class="field">
        {say("password.again")}
        <input name="again" type="password" autocomplete="new-password" maxLength={256} required onInput={same} />
      </label>
    </>
  );
}

/** The dialog. */
export function ChangePassword({ close }: { close: () => void }) {
  const { client, desk } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  async function change(submitted: SubmitEvent): Promise<void> {
    const { old = "", fresh = "" } = fieldsOf(submitted);
    if (!(await attempt(() => client.changePassword(old, fresh)))) return;
    desk.tell(say("password.changed"));
    close();
  }
  return (
    <Dialog title={say("password.title")} close={close}>
      <form onSubmit={change}>
        <label class="field">
          {say("password.old")}
          <input name="old" type="password" autocomplete="current-password" required />
        </label>
        <NewPasswordFields />
        <Alert>{wrong.value}</Alert>
        <Buttons busy={busy.value} submit={say("password.submit")} cancel={close} />
      </form>
    </Dialog>
  );
}
