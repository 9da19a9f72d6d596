/** A category and its plan: what is asked at once, and who is sent at each alarm level. */
import type { CategoryEntry, PartEntry, PlanEntry, Urgency } from "../../../../api/plan_content";
import { say } from "../../../../words/words";
import { type Field, needed, optionsOf, partOf, useBench } from "../bench";
import { NumberField, OneOf, SaidFields, Side } from "./inputs";
import { EMPTY, PartFields } from "./PartFields";
import { EntryPicks } from "./Picks";
import { Rows } from "./Rows";

const HIGHEST_ALARM = 5;
const FARTHEST_M = 20_000;
const URGENCIES = (["I", "II", "III", "IV"] as const).map((name) => ({ name, title: name }));

/** The four priorities, the gravest first. */
export const priorities = () => [1, 2, 3, 4].map((name) => ({ name, title: say("priority.n", { n: name }) }));

/** A category. */
export function CategoryFields(field: Field<CategoryEntry>) {
  const { content } = useBench();
  return (
    <>
      <SaidFields word="plans.title" {...partOf(field, "title")} />
      <Side>
        <OneOf label={say("plans.group")} options={optionsOf(content, "groups")} {...needed(partOf(field, "group"))} />
        <OneOf label={say("priority")} options={priorities()} {...needed(partOf(field, "priority"))} />
        <OneOf<Urgency>
          label={say("plans.part.urgency")}
          options={URGENCIES}
          none={say("plans.none")}
          {...partOf(field, "urgency")}
        />
      </Side>
      <EntryPicks part="questions" label={say("plans.part.questions")} ordered {...partOf(field, "asks")} />
    </>
  );
}

/** A plan: its levels, its clocks, and what it reacts to. */
export function PlanFields(field: Field<PlanEntry>) {
  return (
    <>
      <Rows<PartEntry>
        large
        label={say("plans.levels")}
        title={(i) => say("plans.level", { n: i + 1 })}
        add={say("plans.add_level")}
        least={1}
        most={HIGHEST_ALARM}
        fresh={() => EMPTY}
        fields={(level) => <PartFields {...level} />}
        {...partOf(field, "levels")}
      />
      <Side>
        <EntryPicks part="clocks" label={say("plans.part.clocks")} ordered {...partOf(field, "clocks")} />
        <EntryPicks part="reactions" label={say("plans.part.reactions")} ordered {...partOf(field, "reacts")} />
        <NumberField
          label={say("plans.cameras_radius")}
          min={0}
          max={FARTHEST_M}
          {...partOf(field, "cameras_radius_m")}
        />
        <NumberField label={say("plans.around")} min={0} max={FARTHEST_M} {...partOf(field, "around_m")} />
      </Side>
    </>
  );
}
