/** How urgent something is: its priority, and where an ambulance goes by urgency, that with its minutes. */
import type { Urgent } from "../api/plans";
import type { Urgency } from "../api/types";
import { span } from "../words/formats";
import { say } from "../words/words";
import { useHouse } from "./house";

const PRIORITIES = [1, 2, 3, 4];
type Props = { category: string | null; value: Urgent; choose: (said: Urgent) => void };

/** Both choices, the category's where nothing was chosen; tells what was said of the two. Nothing before there is a category. */
export function UrgentFields({ category, value, choose }: Props) {
  const { desk } = useHouse();
  const known = category ? desk.document.value?.categories[category] : undefined;
  if (!known) return null;
  const priority = value.priority ?? known.priority;
  return (
    <div class="pair">
      <label class="field">
        {say("priority")}
        <select value={String(priority)} onChange={(set) => choose({ priority: Number(set.currentTarget.value) })}>
          {PRIORITIES.map((n) => (
            <option key={n} value={String(n)}>
              P{n}
            </option>
          ))}
        </select>
      </label>
      {known.urgency && (
        <UrgencyField value={value.urgency ?? known.urgency} choose={(urgency) => choose({ urgency })} />
      )}
    </div>
  );
}

function UrgencyField({ value, choose }: { value: Urgency; choose: (urgency: Urgency) => void }) {
  const { desk } = useHouse();
  const known = Object.entries(desk.document.value?.urgencies ?? {}) as [Urgency, number][];
  const soonest_first = known.sort(([, a], [, b]) => a - b);
  return (
    <label class="field">
      {say("plans.part.urgency")}
      <select value={value} onChange={(set) => choose(set.currentTarget.value as Urgency)}>
        {soonest_first.map(([name, most]) => (
          <option key={name} value={name}>
            {name} · {span(most)}
          </option>
        ))}
      </select>
    </label>
  );
}
