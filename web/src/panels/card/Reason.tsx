/** A dialog that asks why before something is done; what else it asks stands above the reason. */
import type { ComponentChildren } from "preact";
import { say } from "../../words/words";
import { Buttons, Dialog } from "../dialogs/Dialog";
import { fieldsOf } from "../dialogs/trial";
import { useHouse } from "../house";

type Props = {
  title: string;
  hint?: string;
  submit: string;
  close: () => void;
  done: (reason: string, fields: Record<string, string>) => Promise<boolean>;
  children?: ComponentChildren;
  ready?: boolean;
};

/** The dialog; it stays open where the server refuses. */
export function Reason({ title, hint, submit, close, done, children, ready = true }: Props) {
  const { desk } = useHouse();
  async function send(submitted: SubmitEvent): Promise<void> {
    const fields = fieldsOf(submitted);
    if (ready && (await done(fields.reason?.trim() ?? "", fields))) close();
  }
  return (
    <Dialog title={title} close={close}>
      <form onSubmit={send}>
        {hint && <p class="dim">{hint}</p>}
        {children}
        <label class="field">
          {say("command.reason")}
          <textarea name="reason" rows={2} maxLength={2000} required />
        </label>
        <Buttons busy={desk.busy.value || !ready} submit={submit} cancel={close} />
      </form>
    </Dialog>
  );
}
