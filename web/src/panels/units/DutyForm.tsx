/** On duty, on a break, out of service, off: changed from the desk, with a word of the service or one's own for why. */
import { useSignal } from "@preact/signals";
import type { UnitInFull } from "../../api/units";
import { reasonsOf } from "../../desk/labels";
import { say, titleOf } from "../../words/words";
import { fieldsOf } from "../dialogs/trial";
import { useHouse } from "../house";
import { useStatusTitle } from "../parts";

const DUTIES = ["on", "break", "out_of_service", "off", "roster"] as const;
const WITH_REASON = new Set(["out_of_service"]);

/** Why: one of the words of its service, or one's own where none of them is chosen. */
function Why({ unit, duty }: { unit: UnitInFull; duty: string }) {
  const { desk } = useHouse();
  const label = useSignal("");
  const reasons = reasonsOf(desk.document.value?.labels, unit.service, duty);
  return (
    <>
      {reasons.length > 0 && (
        <select
          name="label"
          aria-label={say("unit.duty_why")}
          value={label.value}
          onChange={(chosen) => (label.value = chosen.currentTarget.value)}
        >
          <option value="">{say("crew.own_words")}</option>
          {reasons.map((reason) => (
            <option key={reason.code} value={reason.code}>
              {titleOf(reason.title)}
            </option>
          ))}
        </select>
      )}
      {!label.value && (
        <input
          name="reason"
          maxLength={200}
          required={WITH_REASON.has(duty)}
          aria-label={say("command.reason")}
          placeholder={say("command.reason")}
        />
      )}
    </>
  );
}

/** The form. */
export function DutyForm({ unit }: { unit: UnitInFull }) {
  const { crews, desk } = useHouse();
  const title = useStatusTitle();
  const chosen = useSignal<string>("");
  async function set(submitted: SubmitEvent): Promise<void> {
    const { duty = "", label, reason = "" } = fieldsOf(submitted);
    if (duty && (await crews.setDuty(unit.id, duty, label || reason.trim() || undefined))) chosen.value = "";
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
          <Why key={chosen.value} unit={unit} duty={chosen.value} />
          <button type="submit" disabled={desk.busy.value}>
            {say("save")}
          </button>
        </>
      )}
    </form>
  );
}
