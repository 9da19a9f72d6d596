/** How a call ends that opens nothing: chosen, with words where they are needed. */
import { useSignal } from "@preact/signals";
import { say, sayOf } from "../../words/words";
import { Buttons, Dialog } from "../dialogs/Dialog";
import { fieldsOf } from "../dialogs/trial";
import { useHouse } from "../house";

const OUTCOMES = ["no_action", "transferred", "abandoned", "test"] as const;

/** The dialog. */
export function EndCall({ close }: { close: () => void }) {
  const { desk, intake } = useHouse();
  const outcome = useSignal<string>("no_action");
  async function end(submitted: SubmitEvent): Promise<void> {
    const { reason = "" } = fieldsOf(submitted);
    if (await intake.end(outcome.value, reason.trim() || undefined)) close();
  }
  return (
    <Dialog title={say("intake.end")} close={close}>
      <form onSubmit={end}>
        <fieldset class="options">
          <legend class="unseen">{say("intake.end")}</legend>
          {OUTCOMES.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="outcome"
                checked={outcome.value === one}
                onChange={() => (outcome.value = one)}
              />
              {sayOf("call.outcome", one)}
            </label>
          ))}
        </fieldset>
        <label class="field">
          {say("command.reason")}
          <textarea
            name="reason"
            rows={2}
            maxLength={2000}
            required={outcome.value === "no_action" || outcome.value === "transferred"}
          />
        </label>
        <Buttons busy={desk.busy.value} submit={say("intake.end_submit")} cancel={close} />
      </form>
    </Dialog>
  );
}
