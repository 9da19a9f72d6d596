/** The dialogs that change the plan of an incident: its alarm level and its category. */
import { useSignal } from "@preact/signals";
import type { Plan, Urgent } from "../../api/plans";
import type { Incident } from "../../api/types";
import type { PickedCategory } from "../../desk/categories";
import { say } from "../../words/words";
import { useHouse } from "../house";
import { CategoryField } from "../intake/CategoryField";
import { UrgentFields } from "../Urgent";
import { Reason } from "./Reason";

/** Another alarm level: the plan then asks for what that level needs. */
export function Alarm({ plan, close }: { plan: Plan; close: () => void }) {
  const { life } = useHouse();
  const level = useSignal(Math.min(plan.alarm + 1, plan.highest_alarm));
  const levels = Array.from({ length: plan.highest_alarm }, (_, i) => i + 1);
  return (
    <Reason
      title={say("plan.alarm_call")}
      hint={say("plan.alarm_hint")}
      submit={say("plan.alarm_submit", { n: level.value })}
      close={close}
      ready={level.value !== plan.alarm}
      done={(reason) => life.alarm(level.value, reason)}
    >
      <fieldset class="options steps">
        <legend class="unseen">{say("plan.alarm_call")}</legend>
        {levels.map((n) => (
          <label key={n}>
            <input type="radio" name="level" checked={level.value === n} onChange={() => (level.value = n)} />
            {n}
            {n === plan.alarm && <span class="dim">{say("plan.alarm_now")}</span>}
          </label>
        ))}
      </fieldset>
    </Reason>
  );
}

/** Another category, with its priority unless another is chosen; where the category stays, what stands stays. */
export function Recast({ incident, close }: { incident: Incident; close: () => void }) {
  const { life } = useHouse();
  const chosen = useSignal<PickedCategory | null>(null);
  const said = useSignal<Urgent>({}); // only what a person chose stands against the plan
  const stands = { priority: incident.priority, ...(incident.urgency && { urgency: incident.urgency }) };
  const other = chosen.value?.name === incident.category ? null : chosen.value;
  const shown = { ...(other ? { priority: other.priority } : stands), ...said.value };
  const changed = shown.priority !== incident.priority || (said.value.urgency ?? stands.urgency) !== stands.urgency;
  return (
    <Reason
      title={say("plan.recast")}
      hint={say("plan.recast_hint")}
      submit={say("plan.recast_submit")}
      close={close}
      ready={other !== null || changed}
      done={(reason) => life.recast(chosen.value?.name ?? incident.category, reason, said.value)}
    >
      <div class="field">
        {say("category")}
        <CategoryField
          value={chosen.value?.name ?? incident.category}
          choose={(one) => {
            chosen.value = one;
            said.value = {};
          }}
        />
      </div>
      <UrgentFields
        category={chosen.value?.name ?? incident.category}
        value={shown}
        choose={(one) => (said.value = { ...said.value, ...one })}
      />
    </Reason>
  );
}
