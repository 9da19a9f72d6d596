/** What place, time and regime add to plans. */
import type { Near, ReactionEntry, RegimeEntry, StrainEntry } from "../../../../api/plan_content";
import { say, sayOf } from "../../../../words/words";
import { type Field, needed, optionsOf, partOf, useBench } from "../bench";
import { OneOf, SaidFields, Side } from "./inputs";
import { EMPTY, PartFields } from "./PartFields";
import { EntryPicks } from "./Picks";
import { priorities } from "./PlanFields";
import { Rows } from "./Rows";

const NEAR: readonly Near[] = ["school", "hospital", "hazard_site", "tunnel", "water"];
const RAISES = [0, 1, 2].map((name) => ({ name, title: name === 0 ? "0" : `+${name}` }));

function AlarmUp(field: Field<number>) {
  return <OneOf label={say("plans.alarm_up")} options={RAISES} {...needed(field)} />;
}

/** A reaction: it holds where all of its conditions do. */
export function ReactionFields(field: Field<ReactionEntry>) {
  const { content } = useBench();
  return (
    <>
      <SaidFields word="plans.because" {...partOf(field, "because")} />
      <Side>
        <OneOf<Near>
          label={say("plans.near")}
          options={NEAR.map((name) => ({ name, title: sayOf("plans.near", name) }))}
          none={say("plans.anywhere")}
          {...partOf(field, "near")}
        />
        <OneOf
          label={say("plans.during")}
          options={optionsOf(content, "times")}
          none={say("plans.always")}
          {...partOf(field, "during")}
        />
        <AlarmUp {...partOf(field, "alarm_up")} />
        <OneOf
          label={say("plans.priority_at_least")}
          options={priorities()}
          none={say("plans.as_it_is")}
          {...partOf(field, "priority")}
        />
      </Side>
      <PartFields {...field} />
    </>
  );
}

function StrainFields(field: Field<StrainEntry>) {
  return (
    <>
      <Side>
        <EntryPicks part="groups" label={say("plans.part.groups")} {...partOf(field, "groups")} />
        <OneOf
          label={say("plans.up_to_priority")}
          options={priorities()}
          {...needed(partOf(field, "up_to_priority"))}
        />
        <AlarmUp {...partOf(field, "alarm_up")} />
      </Side>
      <PartFields {...field} />
    </>
  );
}

/** A regime: a stricter one adds to what the milder ones add. */
export function RegimeFields(field: Field<RegimeEntry>) {
  return (
    <>
      <SaidFields word="plans.title" {...partOf(field, "title")} />
      <SaidFields word="plans.about" {...partOf(field, "about")} />
      <Rows<StrainEntry>
        large
        label={say("plans.strains")}
        title={(i) => say("plans.strain", { n: i + 1 })}
        add={say("plans.add_strain")}
        fresh={() => ({ ...EMPTY, groups: [], up_to_priority: 4, alarm_up: 0 })}
        fields={(strain) => <StrainFields {...strain} />}
        {...partOf(field, "strains")}
      />
    </>
  );
}
