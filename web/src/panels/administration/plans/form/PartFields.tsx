/** What a level, a reaction or a regime adds to a plan: who is sent, who is told, checklists and questions. */
import type { NeedEntry, PartEntry } from "../../../../api/plan_content";
import { say, titleOf } from "../../../../words/words";
import { useHouse } from "../../../house";
import { useServiceTitle, useSkillTitle } from "../../../parts";
import { type Field, type Option, partOf } from "../bench";
import { NumberField, OneOf, Side } from "./inputs";
import { EntryPicks, Picks } from "./Picks";
import { Rows } from "./Rows";

const MOST_UNITS = 50;
/** Names as the server keeps them. */
export const NAME = /^[a-z][a-z0-9_]{0,47}$/;

export const EMPTY: PartEntry = { needs: [], told: [], checklists: [], asks: [] };

/** The services, by what they are called. */
export function useServices(): Option[] {
  const title = useServiceTitle();
  const { desk } = useHouse();
  return Object.keys(desk.document.value?.services ?? {}).map((name) => ({ name, title: title(name) }));
}

/** The kinds of units of a service: those that are listed, and those that units bear. */
function useKinds(service: string): Option[] {
  const { desk } = useHouse();
  const listed = desk.document.value?.unit_kinds ?? {};
  const own = Object.keys(listed).filter((kind) => listed[kind]?.service === service);
  const borne = [...desk.units.value.values()].filter((unit) => unit.service === service).map((unit) => unit.kind);
  return [...new Set([...own, ...borne])].map((name) => ({
    name,
    title: titleOf(listed[name]?.title) || name.replaceAll("_", " "),
  }));
}

/** The skills that are listed, and those that units have: no plan may ask for others. */
function useSkills(): Option[] {
  const { desk } = useHouse();
  const title = useSkillTitle();
  const borne = [...desk.units.value.values()].flatMap((unit) => unit.skills ?? []);
  const all = new Set([...Object.keys(desk.document.value?.skills ?? {}), ...borne]);
  return [...all].map((name) => ({ name, title: title(name) }));
}

function NeedFields(field: Field<NeedEntry>) {
  const { value, change } = field;
  const [services, kinds, skills] = [useServices(), useKinds(value.service), useSkills()];
  return (
    <>
      <NumberField label={say("plans.count")} min={1} max={MOST_UNITS} {...partOf(field, "count")} />
      <OneOf
        label={say("plans.service")}
        options={services}
        {...partOf(field, "service")}
        change={(service) => service && service !== value.service && change({ ...value, service, kinds: [] })}
      />
      <Picks label={say("plans.kinds")} options={kinds} {...partOf(field, "kinds")} />
      <Picks label={say("unit.skills")} options={skills} {...partOf(field, "skills")} />
    </>
  );
}

/** The fields of the part; what it has beside them stays. */
export function PartFields<T extends PartEntry>({ value, change, where }: Field<T>) {
  const first = useServices()[0]?.name ?? "";
  const field: Field<PartEntry> = { value, where, change: (part) => change({ ...value, ...part }) };
  return (
    <>
      <Rows
        label={say("plans.needs")}
        title={(i) => `${say("plans.needs")} ${i + 1}`}
        add={say("plans.add_need")}
        fresh={() => ({ service: value.needs.at(-1)?.service ?? first, count: 1, kinds: [], skills: [] })}
        fields={(need) => <NeedFields {...need} />}
        {...partOf(field, "needs")}
      />
      <Side>
        <EntryPicks part="recipients" label={say("plans.told")} ordered {...partOf(field, "told")} />
        <EntryPicks part="checklists" label={say("plans.part.checklists")} ordered {...partOf(field, "checklists")} />
        <EntryPicks part="questions" label={say("plans.part.questions")} ordered {...partOf(field, "asks")} />
      </Side>
    </>
  );
}
