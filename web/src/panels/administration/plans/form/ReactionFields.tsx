/** What place, time and regime add to plans. */
import type { Near, ReactionEntry, RegimeEntry, StrainEntry } from "../../../../api/plan_content";
import { say, sayOf } from "../../../../words/words";
import { type Field, optionsOf, useBench } from "../bench";
import { OneOf, SaidFields, Side } from "./inputs";
import { EMPTY, PartFields } from "./PartFields";
import { EntryPicks } from "./Picks";
import { priorities } from "./PlanFields";
import { Rows } from "./Rows";

const NEAR: readonly Near[] = ["school", "hospital", "hazard_site", "tunnel", "water"];
const RAISES = [0, 1, 2].map((name) => ({ name, title: name === 0 ? "0" : `+${name}` }));

function AlarmUp({ value, change, where }: Field<number>) {
  return (
    <OneOf
      label={say("plans.alarm_up")}
      options={RAISES}
      value={value}
      where={where}
      change={(up) => up !== null && change(up)}
    />
  );
}

/** A reaction: it holds where all of its conditions do. */
export function ReactionFields({ value, change, where }: Field<ReactionEntry>) {
  const { content } = useBench();
  const set = (part: Partial<ReactionEntry>) => change({ ...value, ...part });
  return (
    <>
      <SaidFields
        word="plans.because"
        value={value.because}
        where={`${where}.because`}
        change={(because) => set({ because })}
      />
      <Side>
        <OneOf<Near>
          label={say("plans.near")}
          options={NEAR.map((name) => ({ name, title: sayOf("plans.near", name) }))}
          none={say("plans.anywhere")}
          value={value.near}
          where={`${where}.near`}
          change={(near) => set({ near })}
        />
        <OneOf
          label={say("plans.during")}
          options={optionsOf(content, "times")}
          none={say("plans.always")}
          value={value.during}
          where={`${where}.during`}
          change={(during) => set({ during })}
        />
        <AlarmUp value={value.alarm_up} where={`${where}.alarm_up`} change={(alarm_up) => set({ alarm_up })} />
        <OneOf
          label={say("plans.priority_at_least")}
          options={priorities()}
          none={say("plans.as_it_is")}
          value={value.priority}
          where={`${where}.priority`}
          change={(priority) => set({ priority })}
        />
      </Side>
      <PartFields value={value} change={change} where={where} />
    </>
  );
}

function StrainFields({ value, change, where }: Field<StrainEntry>) {
  const set = (part: Partial<StrainEntry>) => change({ ...value, ...part });
  return (
    <>
      <Side>
        <EntryPicks
          part="groups"
          label={say("plans.part.groups")}
          value={value.groups}
          where={`${where}.groups`}
          change={(groups) => set({ groups })}
        />
        <OneOf
          label={say("plans.up_to_priority")}
          options={priorities()}
          value={value.up_to_priority}
          where={`${where}.up_to_priority`}
          change={(up_to_priority) => up_to_priority && set({ up_to_priority })}
        />
        <AlarmUp value={value.alarm_up} where={`${where}.alarm_up`} change={(alarm_up) => set({ alarm_up })} />
      </Side>
      <PartFields value={value} change={change} where={where} />
    </>
  );
}

/** A regime: a stricter one adds to what the milder ones add. */
export function RegimeFields({ value, change, where }: Field<RegimeEntry>) {
  const set = (part: Partial<RegimeEntry>) => change({ ...value, ...part });
  return (
    <>
      <SaidFields word="plans.title" value={value.title} where={`${where}.title`} change={(title) => set({ title })} />
      <SaidFields word="plans.about" value={value.about} where={`${where}.about`} change={(about) => set({ about })} />
      <Rows<StrainEntry>
        large
        label={say("plans.strains")}
        title={(i) => say("plans.strain", { n: i + 1 })}
        add={say("plans.add_strain")}
        fresh={() => ({ ...EMPTY, groups: [], up_to_priority: 4, alarm_up: 0 })}
        fields={(field) => <StrainFields {...field} />}
        value={value.strains}
        where={`${where}.strains`}
        change={(strains) => set({ strains })}
      />
    </>
  );
}
