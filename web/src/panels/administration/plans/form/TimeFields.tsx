/** What runs by the clock: targets of a set, the ambulance's urgencies, and the times that plans react to. */
import type { ClockName, TargetEntry, TimeEntry, Urgency, UrgencyEntry } from "../../../../api/plan_content";
import { span } from "../../../../words/formats";
import { say, sayOf } from "../../../../words/words";
import type { Field } from "../bench";
import { dayName, monthName } from "../describe";
import { NumberField, OneOf, SaidFields, Several, Side, TextField } from "./inputs";
import { useServices } from "./PartFields";
import { Rows } from "./Rows";

const CLOCKS: readonly ClockName[] = ["answer", "process", "turnout", "travel", "on_scene"];
const DAY_S = 86_400;
const DAYS = [1, 2, 3, 4, 5, 6, 7];
const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const HOUR = /^([01]\d|2[0-3]):[0-5]\d$/; // the field of a browser would tell it by the browser's own country
const FRESH: TargetEntry = { clock: "on_scene", service: null, seconds: 600, warn_share: 0.75, source: "house" };

function Seconds({ label, ...field }: Field<number> & { label: string }) {
  return <NumberField {...field} label={label} min={1} max={DAY_S} hint={span(field.value)} />;
}

function TargetFields({ value, change, where }: Field<TargetEntry>) {
  const services = useServices();
  const set = (part: Partial<TargetEntry>) => change({ ...value, ...part });
  return (
    <>
      <OneOf
        label={say("figures.clock")}
        options={CLOCKS.map((name) => ({ name, title: sayOf("clock.name", name) }))}
        value={value.clock}
        where={`${where}.clock`}
        change={(clock) => clock && set({ clock })}
      />
      <OneOf
        label={say("plans.service")}
        options={services}
        none={say("plans.any_service")}
        value={value.service}
        where={`${where}.service`}
        change={(service) => set({ service })}
      />
      <Seconds
        label={say("plans.seconds")}
        value={value.seconds}
        where={`${where}.seconds`}
        change={(seconds) => set({ seconds })}
      />
      <NumberField
        label={say("plans.warn_share")}
        min={1}
        max={99}
        value={Math.round(value.warn_share * 100)}
        where={`${where}.warn_share`}
        change={(percent) => set({ warn_share: percent / 100 })}
      />
      <TextField
        label={say("plans.source")}
        value={value.source}
        where={`${where}.source`}
        change={(source) => set({ source })}
      />
    </>
  );
}

/** A set of targets. */
export function ClockFields({ value, change, where }: Field<TargetEntry[]>) {
  return (
    <Rows<TargetEntry>
      label={say("plans.part.clocks")}
      title={(i) => `${say("plans.part.clocks")} ${i + 1}`}
      add={say("plans.add_target")}
      fresh={() => FRESH}
      fields={(field) => <TargetFields {...field} />}
      value={value}
      where={where}
      change={change}
    />
  );
}

/** The ambulance's time to the scene by urgency. */
export function UrgencyFields({ value, change, where }: Field<UrgencyEntry>) {
  const { urgency, urgency_source } = value;
  return (
    <>
      <Side>
        {(Object.keys(urgency) as Urgency[]).map((name) => (
          <Seconds
            key={name}
            label={`${say("plan.urgency", { urgency: name })}, ${say("plans.seconds")}`}
            value={urgency[name]}
            where={`${where}.urgency.${name}`}
            change={(seconds) => change({ ...value, urgency: { ...urgency, [name]: seconds } })}
          />
        ))}
      </Side>
      <TextField
        label={say("plans.source")}
        value={urgency_source}
        where={`${where}.urgency_source`}
        change={(source) => change({ ...value, urgency_source: source })}
      />
    </>
  );
}

/** A time: hours may go over midnight; no hour, day or month named is any. */
export function MomentFields({ value, change, where }: Field<TimeEntry>) {
  const set = (part: Partial<TimeEntry>) => change({ ...value, ...part });
  return (
    <>
      <SaidFields word="plans.title" value={value.title} where={`${where}.title`} change={(title) => set({ title })} />
      <Rows<[string, string]>
        label={say("plans.hours")}
        title={(i) => `${say("plans.hours")} ${i + 1}`}
        add={say("plans.add_hours")}
        fresh={() => ["08:00", "18:00"]}
        fields={({ value: [from, to], change: put, where: own }) => (
          <Side>
            <TextField
              label={say("plans.from")}
              pattern={HOUR}
              value={from}
              where={`${own}[0]`}
              change={(at) => put([at, to])}
            />
            <TextField
              label={say("plans.to")}
              pattern={HOUR}
              value={to}
              where={`${own}[1]`}
              change={(at) => put([from, at])}
            />
          </Side>
        )}
        value={value.hours}
        where={`${where}.hours`}
        change={(hours) => set({ hours })}
      />
      <Several
        label={say("plans.days")}
        all={DAYS}
        title={dayName}
        value={value.days}
        where={`${where}.days`}
        change={(days) => set({ days })}
      />
      <Several
        label={say("plans.months")}
        all={MONTHS}
        title={monthName}
        value={value.months}
        where={`${where}.months`}
        change={(months) => set({ months })}
      />
      <p class="dim">{say("plans.any_time")}</p>
    </>
  );
}
