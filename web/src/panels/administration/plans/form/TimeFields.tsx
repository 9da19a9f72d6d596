/** What runs by the clock: targets of a set, the ambulance's urgencies, and the times that plans react to. */
import type { ClockName, TargetEntry, TimeEntry, Urgency, UrgencyEntry } from "../../../../api/plan_content";
import { span } from "../../../../words/formats";
import { say, sayOf } from "../../../../words/words";
import { type Field, needed, partOf } from "../bench";
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

function TargetFields(field: Field<TargetEntry>) {
  const services = useServices();
  const share = partOf(field, "warn_share");
  return (
    <>
      <OneOf
        label={say("figures.clock")}
        options={CLOCKS.map((name) => ({ name, title: sayOf("clock.name", name) }))}
        {...needed(partOf(field, "clock"))}
      />
      <OneOf
        label={say("plans.service")}
        options={services}
        none={say("plans.any_service")}
        {...partOf(field, "service")}
      />
      <Seconds label={say("plans.seconds")} {...partOf(field, "seconds")} />
      <NumberField
        label={say("plans.warn_share")}
        min={1}
        max={99}
        value={Math.round(share.value * 100)}
        where={share.where}
        change={(percent) => share.change(percent / 100)}
      />
      <TextField label={say("plans.source")} {...partOf(field, "source")} />
      <TextField
        label={say("plans.area_code")}
        value={field.value.area ?? ""}
        where={`${field.where}.area`}
        change={(code) => field.change({ ...field.value, area: code.trim() || null })}
      />
    </>
  );
}

/** A set of targets. */
export function ClockFields(field: Field<TargetEntry[]>) {
  return (
    <Rows<TargetEntry>
      label={say("plans.part.clocks")}
      title={(i) => `${say("plans.part.clocks")} ${i + 1}`}
      add={say("plans.add_target")}
      fresh={() => FRESH}
      fields={(target) => <TargetFields {...target} />}
      {...field}
    />
  );
}

/** The ambulance's time to the scene by urgency. */
export function UrgencyFields(field: Field<UrgencyEntry>) {
  const urgency = partOf(field, "urgency");
  return (
    <>
      <Side>
        {(Object.keys(urgency.value) as Urgency[]).map((name) => (
          <Seconds
            key={name}
            label={`${say("plan.urgency", { urgency: name })}, ${say("plans.seconds")}`}
            {...partOf(urgency, name)}
          />
        ))}
      </Side>
      <TextField label={say("plans.source")} {...partOf(field, "urgency_source")} />
    </>
  );
}

/** A time: hours may go over midnight; no hour, day or month named is any. */
export function MomentFields(field: Field<TimeEntry>) {
  return (
    <>
      <SaidFields word="plans.title" {...partOf(field, "title")} />
      <Rows<[string, string]>
        label={say("plans.hours")}
        title={(i) => `${say("plans.hours")} ${i + 1}`}
        add={say("plans.add_hours")}
        fresh={() => ["08:00", "18:00"]}
        fields={({ value: [from, to], change, where }) => (
          <Side>
            <TextField
              label={say("plans.from")}
              pattern={HOUR}
              value={from}
              where={`${where}[0]`}
              change={(at) => change([at, to])}
            />
            <TextField
              label={say("plans.to")}
              pattern={HOUR}
              value={to}
              where={`${where}[1]`}
              change={(at) => change([from, at])}
            />
          </Side>
        )}
        {...partOf(field, "hours")}
      />
      <Several label={say("plans.days")} all={DAYS} title={dayName} {...partOf(field, "days")} />
      <Several label={say("plans.months")} all={MONTHS} title={monthName} {...partOf(field, "months")} />
      <p class="dim">{say("plans.any_time")}</p>
    </>
  );
}
