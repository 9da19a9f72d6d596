/** A category and its plan: what is asked at once, and who is sent at each alarm level. */
import type { CategoryEntry, PartEntry, PlanEntry, Urgency } from "../../../../api/plan_content";
import { say } from "../../../../words/words";
import { type Field, optionsOf, useBench } from "../bench";
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
export function CategoryFields({ value, change, where }: Field<CategoryEntry>) {
  const { content } = useBench();
  const set = (part: Partial<CategoryEntry>) => change({ ...value, ...part });
  return (
    <>
      <SaidFields word="plans.title" value={value.title} where={`${where}.title`} change={(title) => set({ title })} />
      <Side>
        <OneOf
          label={say("plans.group")}
          options={optionsOf(content, "groups")}
          value={value.group}
          where={`${where}.group`}
          change={(group) => group && set({ group })}
        />
        <OneOf
          label={say("priority")}
          options={priorities()}
          value={value.priority}
          where={`${where}.priority`}
          change={(priority) => priority && set({ priority })}
        />
        <OneOf<Urgency>
          label={say("plans.part.urgency")}
          options={URGENCIES}
          none={say("plans.none")}
          value={value.urgency}
          where={`${where}.urgency`}
          change={(urgency) => set({ urgency })}
        />
      </Side>
      <EntryPicks
        part="questions"
        label={say("plans.part.questions")}
        ordered
        value={value.asks}
        where={`${where}.asks`}
        change={(asks) => set({ asks })}
      />
    </>
  );
}

/** A plan: its levels, its clocks, and what it reacts to. */
export function PlanFields({ value, change, where }: Field<PlanEntry>) {
  const set = (part: Partial<PlanEntry>) => change({ ...value, ...part });
  const level = (i: number) => say("plans.level", { n: i + 1 });
  return (
    <>
      <Rows<PartEntry>
        large
        label={say("plans.levels")}
        title={level}
        add={say("plans.add_level")}
        least={1}
        most={HIGHEST_ALARM}
        fresh={() => EMPTY}
        fields={(field) => <PartFields {...field} />}
        value={value.levels}
        where={`${where}.levels`}
        change={(levels) => set({ levels })}
      />
      <Side>
        <EntryPicks
          part="clocks"
          label={say("plans.part.clocks")}
          ordered
          value={value.clocks}
          where={`${where}.clocks`}
          change={(clocks) => set({ clocks })}
        />
        <EntryPicks
          part="reactions"
          label={say("plans.part.reactions")}
          ordered
          value={value.reacts}
          where={`${where}.reacts`}
          change={(reacts) => set({ reacts })}
        />
        <NumberField
          label={say("plans.cameras_radius")}
          min={0}
          max={FARTHEST_M}
          value={value.cameras_radius_m}
          where={`${where}.cameras_radius_m`}
          change={(cameras_radius_m) => set({ cameras_radius_m })}
        />
        <NumberField
          label={say("plans.around")}
          min={0}
          max={FARTHEST_M}
          value={value.around_m}
          where={`${where}.around_m`}
          change={(around_m) => set({ around_m })}
        />
      </Side>
    </>
  );
}
