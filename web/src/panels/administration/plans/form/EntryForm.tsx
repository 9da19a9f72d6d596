/** The form of one entry, by the part that it is of. */
import type {
  CategoryEntry,
  ChecklistEntry,
  PlanEntry,
  QuestionEntry,
  ReactionEntry,
  RegimeEntry,
  TargetEntry,
  TimeEntry,
  Titled,
  UrgencyEntry,
} from "../../../../api/plan_content";
import { say, sayOf } from "../../../../words/words";
import { called, type Field, partOf, useBench } from "../bench";
import { type Entry, listOf, type Part, whereOf } from "../draft";
import { SaidFields, Wrong } from "./inputs";
import { ChecklistFields, QuestionFields } from "./ListFields";
import { CategoryFields, PlanFields } from "./PlanFields";
import { ReactionFields, RegimeFields } from "./ReactionFields";
import { ClockFields, MomentFields, UrgencyFields } from "./TimeFields";

/** A category leads to its plan, and a plan to its category. */
const OTHER_HALF: Partial<Record<Part, Part>> = { categories: "plans", plans: "categories" };

function Fields({ entry, value, change }: { entry: Entry; value: unknown; change: (value: unknown) => void }) {
  const field = { value, change, where: whereOf(entry) };
  switch (entry.part) {
    case "categories":
      return <CategoryFields {...(field as Field<CategoryEntry>)} />;
    case "plans":
      return <PlanFields {...(field as Field<PlanEntry>)} />;
    case "reactions":
      return <ReactionFields {...(field as Field<ReactionEntry>)} />;
    case "regimes":
      return <RegimeFields {...(field as Field<RegimeEntry>)} />;
    case "questions":
      return <QuestionFields {...(field as Field<QuestionEntry>)} />;
    case "checklists":
      return <ChecklistFields {...(field as Field<ChecklistEntry>)} />;
    case "clocks":
      return <ClockFields {...(field as Field<TargetEntry[]>)} />;
    case "urgency":
      return <UrgencyFields {...(field as Field<UrgencyEntry>)} />;
    case "times":
      return <MomentFields {...(field as Field<TimeEntry>)} />;
    default:
      return <SaidFields word="plans.title" {...partOf(field as Field<Titled>, "title")} />;
  }
}

/** The form; without the right to change it is read. */
export function EntryForm({ entry, may, change }: { entry: Entry; may: boolean; change: (value: unknown) => void }) {
  const { content, go } = useBench();
  const value = listOf(content, entry.part)[entry.name];
  const half = OTHER_HALF[entry.part];
  const title = called(content, entry);
  if (value === undefined) return <p class="empty">{say("plans.nothing_open")}</p>;
  return (
    <section class="entry-form scrolls" tabIndex={0} aria-labelledby="entry-title" data-where={whereOf(entry)}>
      <div class="line spread">
        <h3 id="entry-title">
          <span class="dim">{sayOf("plans.part", entry.part)} ›</span> {title}{" "}
          {title !== entry.name && <code>{entry.name}</code>}
        </h3>
        {half && listOf(content, half)[entry.name] !== undefined && (
          <button type="button" class="link" onClick={() => go({ part: half, name: entry.name })}>
            {sayOf("plans.open", half)}
          </button>
        )}
      </div>
      <Wrong where={whereOf(entry)} />
      <fieldset class="fields" disabled={!may}>
        <Fields key={`${entry.part} ${entry.name}`} entry={entry} value={value} change={change} />
      </fieldset>
    </section>
  );
}
