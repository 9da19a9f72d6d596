/** Why a road is closed, from when and until when; the shape lies drawn on the map behind it. */

import { useSignal } from "@preact/signals";
import type { Draft } from "../../desk/closing";
import { toLocal } from "../../words/local_time";
import { say } from "../../words/words";
import { Alert } from "../Alert";
import { instant } from "../audit/filter";
import { Buttons, Dialog } from "../dialogs/Dialog";
import { fieldsOf, useTrial } from "../dialogs/trial";
import { useHouse } from "../house";

/** The spans that are chosen most; everything else is typed. */
const LASTS_H = [1, 4, 24] as const;

/** Until when: until somebody opens it, for some hours, or a time that is typed. */
function Until({ draft }: { draft: Draft }) {
  const { now } = useHouse();
  const known = draft.was?.ends_at;
  const chosen = useSignal(known ? "own" : "open");
  return (
    <>
      <label class="field">
        {say("closure.until")}
        <select name="lasts" value={chosen.value} onChange={(e) => (chosen.value = e.currentTarget.value)}>
          <option value="open">{say("closure.until_opened")}</option>
          {LASTS_H.map((hours) => (
            <option key={hours} value={hours}>
              {say("span.h", { n: hours })}
            </option>
          ))}
          <option value="own">{say("closure.until_own")}</option>
        </select>
      </label>
      {chosen.value === "own" && (
        <label class="field">
          {say("audit.to")}
          <input type="datetime-local" name="ends" required defaultValue={toLocal(known ?? now.peek() + 3_600_000)} />
        </label>
      )}
    </>
  );
}

/** The dialog. */
export function ClosureForm({ draft }: { draft: Draft }) {
  const { closing, now } = useHouse();
  const trial = useTrial();
  const later = useSignal(draft.was !== null);
  function endOf(lasts: string, ends: string, begins_ms: number): string | null {
    if (lasts === "open") return null;
    return lasts === "own" ? (instant(ends) ?? null) : new Date(begins_ms + Number(lasts) * 3_600_000).toISOString();
  }
  async function save(submitted: SubmitEvent): Promise<void> {
    const { reason = "", begins = "", lasts = "open", ends = "" } = fieldsOf(submitted);
    const begins_at = later.value ? (instant(begins) ?? null) : null;
    const from_ms = begins_at ? new Date(begins_at).getTime() : now.peek();
    await trial.attempt(() => closing.save({ reason, begins_at, ends_at: endOf(lasts, ends, from_ms) }));
  }
  return (
    <Dialog title={say(draft.was ? "closure.change" : "closure.new")} close={closing.drop}>
      <form onSubmit={save}>
        <label class="field">
          {say("command.reason")}
          <input name="reason" required maxLength={500} defaultValue={draft.was?.reason ?? ""} />
        </label>
        <label class="tick">
          <input type="checkbox" checked={later.value} onChange={(e) => (later.value = e.currentTarget.checked)} />
          {say("closure.later")}
        </label>
        {later.value && (
          <label class="field">
            {say("audit.from")}
            <input
              type="datetime-local"
              name="begins"
              required
              defaultValue={toLocal(draft.was?.begins_at ?? now.peek())}
            />
          </label>
        )}
        <Until draft={draft} />
        <Alert>{trial.wrong.value}</Alert>
        <Buttons busy={trial.busy.value} submit={say("closure.submit")} cancel={closing.drop} />
      </form>
    </Dialog>
  );
}
