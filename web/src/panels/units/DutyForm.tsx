/** On duty, on a break, out of service, off: changed from the desk, with a reason where one is needed. */
import { useSignal } from "@preact/signals";
import type { UnitInFull } from "../../api/units";
import { say } from "../../words/words";
import { fieldsOf } from "../dialogs/trial";
import { useHouse } from "../house";
import { useStatusTitle } from "../parts";

const DUTIES = ["on", "break", "out_of_service", "off", "roster"] as const;
const WITH_REASON = new Set(["out_of_service"]);

/** The form. */
export function DutyForm({ unit }: { unit: UnitInFull }) {
  const { crews, desk } = useHouse();
  const title = useStatusTitle();
  const chosen = useSignal<string>("");
  async function set(submitted: SubmitEvent): Promise<void> {
    const { duty = "", reason = "" } = fieldsOf(submitted);
    if (duty && (await crews.setDuty(unit.id, duty, reason.trim() || undefined))) chosen.value = "";
  }
  return (
    <form class="line duty" onSubmit={set}>
      <select
        name="duty"
        aria-label={say("unit.duty_change")}
        value={chosen.value}
        onChange={(changed) => (chosen.value = changed.currentTarget.value)}
      >
        <option value="">{say("unit.duty_change")}</option>
        {DUTIES.filter((duty) => duty !== unit.duty).map((duty) => (
          <option key={duty} value={duty}>
            {title(duty)}
          </option>
        ))}
      </select>
      {chosen.value && (
        <>
          <input
            name="reason"
            maxLength={200}
            required={WITH_REASON.has(chosen.value)}
            aria-label={say("command.reason")}
            placeholder={say("command.reason")}
          />
          <button type="submit" disabled={desk.busy.value}>
            {say("save")}
          </button>
        </>
      )}
    </form>
  );
}
