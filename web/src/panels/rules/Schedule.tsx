/** The hours in which a rule looks. */
import { DAYS, type Fault, type Hours } from "../../api/rules";
import { say, titleOf } from "../../words/words";
import { faultsAt } from "./draft";
import { turned } from "./form";

const CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]|24:00";
type Row = { hours: Hours; called: string; disabled: boolean; change: (hours: Hours | null) => void };

function HoursRow({ hours, called, disabled, change }: Row) {
  const [days, names] = [hours.days ?? DAYS, say("plans.day_names").split(",")];
  return (
    <fieldset class="hours">
      <legend class="unseen">{called}</legend>
      <p class="days">
        {DAYS.map((day, n) => (
          <label class="tick" key={day} title={names[n]}>
            <input
              type="checkbox"
              disabled={disabled}
              aria-label={names[n]}
              checked={days.includes(day)}
              onChange={(turn) =>
                change({ ...hours, days: turned(DAYS, days, day, turn.currentTarget.checked) as Hours["days"] })
              }
            />
            {names[n]?.slice(0, 2)}
          </label>
        ))}
      </p>
      <p class="line">
        {(["since", "until"] as const).map((end) => (
          <label class="field" key={end}>
            {say(end === "since" ? "plans.from" : "plans.to")}
            <input
              inputMode="numeric"
              pattern={CLOCK}
              maxLength={5}
              disabled={disabled}
              value={hours[end] ?? (end === "since" ? "00:00" : "24:00")}
              onChange={(typed) => change({ ...hours, [end]: typed.currentTarget.value.trim() })}
            />
          </label>
        ))}
        {!disabled && (
          <button
            type="button"
            class="icon"
            aria-label={`${called}: ${say("rules.remove_hours")}`}
            onClick={() => change(null)}
          >
            ✕
          </button>
        )}
      </p>
    </fieldset>
  );
}

/** The list; none is always. */
export function Schedule(props: {
  schedule: readonly Hours[];
  where: string;
  faults: readonly Fault[];
  disabled: boolean;
  change: (schedule: readonly Hours[]) => void;
}) {
  const { schedule, where, faults, disabled, change } = props;
  const put = (index: number, hours: Hours | null) =>
    change(hours ? schedule.with(index, hours) : schedule.toSpliced(index, 1));
  return (
    <section class="part">
      <h4>{say("rules.when")}</h4>
      {schedule.length === 0 && <p class="dim">{say("rules.always")}</p>}
      {schedule.map((hours, index) => (
        <HoursRow
          key={index}
          hours={hours}
          called={`${say("rules.when")} ${index + 1}`}
          disabled={disabled}
          change={(changed) => put(index, changed)}
        />
      ))}
      {faultsAt(faults, where).map((fault) => (
        <p class="wrong" key={fault.where}>
          {titleOf(fault.problem)}
        </p>
      ))}
      {!disabled && (
        <button
          type="button"
          onClick={() => change([...schedule, { days: [...DAYS], since: "22:00", until: "06:00" }])}
        >
          + {say("rules.add_hours")}
        </button>
      )}
      {schedule.length > 0 && <p class="dim">{say("rules.hours_hint")}</p>}
    </section>
  );
}
