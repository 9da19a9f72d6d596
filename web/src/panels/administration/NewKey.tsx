/** A new key for a machine: shown once, because the house keeps its hash alone. */

import { useSignal } from "@preact/signals";
import type { Source } from "../../api/access";
import { say } from "../../words/words";
import { Alert } from "../Alert";
import { Copy } from "../Copy";
import { Buttons, Dialog } from "../dialogs/Dialog";
import { fieldsOf, useTrial } from "../dialogs/trial";
import { useHouse } from "../house";

const LASTS_DAYS = [30, 90, 365, 0] as const; // 0: until it is revoked
const DAY_MS = 86_400_000;

/** The dialog: how long it lasts, then the key itself. */
export function NewKey({ source, close, made }: { source: Source; close: () => void; made: () => void }) {
  const { client, now } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  const key = useSignal<string | null>(null);
  async function make(submitted: SubmitEvent): Promise<void> {
    const days = Number(fieldsOf(submitted).days);
    const expires_at = days > 0 ? new Date(now.value + days * DAY_MS).toISOString() : null;
    const answer = await attempt(() => client.addKey(source.id, expires_at));
    if (!answer) return;
    key.value = answer.done.key;
    made();
  }
  const title = `${say("key.make")}: ${source.name}`;
  if (key.value !== null)
    return (
      <Dialog title={title} close={close}>
        <div class="stack">
          <p>{say("key.once")}</p>
          <p class="secret">
            <code>{key.value}</code>
            <Copy text={key.value} what={say("key.title")} />
          </p>
          <div class="ends">
            <button type="button" class="primary" onClick={close}>
              {say("key.done")}
            </button>
          </div>
        </div>
      </Dialog>
    );
  return (
    <Dialog title={title} close={close}>
      <form onSubmit={make}>
        <label class="field">
          {say("key.lasts")}
          <select name="days">
            {LASTS_DAYS.map((days) => (
              <option key={days} value={days}>
                {days > 0 ? say("history.days_n", { n: days }) : say("key.never_expires")}
              </option>
            ))}
          </select>
        </label>
        <Alert>{wrong.value}</Alert>
        <Buttons busy={busy.value} submit={say("key.make_submit")} cancel={close} />
      </form>
    </Dialog>
  );
}
