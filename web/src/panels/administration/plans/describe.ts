/** An entry of the plans as lines that people read, so that two versions of it can be laid beside each other. */
import type {
  CategoryEntry,
  ChecklistEntry,
  Named,
  NeedEntry,
  PartEntry,
  PlanEntry,
  QuestionEntry,
  ReactionEntry,
  RegimeEntry,
  TargetEntry,
  TimeEntry,
  Titled,
  UrgencyEntry,
} from "../../../api/plan_content";
import type { Title } from "../../../api/types";
import { span } from "../../../words/formats";
import { LANGUAGES, say, sayOf, type Word } from "../../../words/words";
import type { Part } from "./draft";

/** What things of other entries, services and kinds of units are called. */
export type Names = {
  entry: (part: Part, name: string) => string;
  service: (service: string) => string;
  kind: (kind: string) => string;
  skill: (skill: string) => string;
};

const line = (word: Word, told: string | number | null): string => `${say(word)}: ${told ?? say("plans.none")}`;
const each = (word: Word, told: readonly (string | number)[]): string[] => told.map((one) => line(word, one));
const titled = (word: Word, title: Title): string[] =>
  LANGUAGES.map((language) => `${say(word)} (${language}): ${title[language]}`);
const named = ({ name, title }: Named): string =>
  `${LANGUAGES.map((language) => title[language]).join(" · ")} [${name}]`;
const below = (head: string, lines: readonly string[]): string[] => lines.map((one) => `${head} › ${one}`);

/** `2 × Fire engine / Ladder (foam)`. */
export function needLine(need: NeedEntry, names: Names): string {
  const what = need.kinds.map(names.kind).join(" / ") || names.service(need.service);
  const skills = need.skills.map(names.skill).join(", ");
  return `${need.count} × ${what}${skills && ` (${skills})`}`;
}

function ofPart(part: PartEntry, names: Names): string[] {
  const list = (word: Word, from: Part, those: readonly string[]) =>
    each(
      word,
      those.map((name) => names.entry(from, name)),
    );
  return [
    ...each(
      "plans.needs",
      part.needs.map((need) => needLine(need, names)),
    ),
    ...list("plans.told", "recipients", part.told),
    ...list("plans.part.checklists", "checklists", part.checklists),
    ...list("plans.part.questions", "questions", part.asks),
  ];
}

function ofTarget(target: TargetEntry, names: Names): string {
  const whose = target.service ? names.service(target.service) : say("plans.any_service");
  const warns = say("plans.warns_at", { n: Math.round(target.warn_share * 100) });
  return `${sayOf("clock.name", target.clock)} · ${whose}: ${span(target.seconds)} (${target.seconds}) · ${warns} · ${target.source}${target.area ? ` · ${target.area}` : ""}`;
}

type Describe<T> = (entry: T, names: Names) => string[];
const category: Describe<CategoryEntry> = ({ title, group, priority, urgency, asks }, names) => [
  ...titled("plans.title", title),
  line("plans.group", names.entry("groups", group)),
  line("priority", priority),
  line("plans.part.urgency", urgency),
  ...each(
    "plans.part.questions",
    asks.map((name) => names.entry("questions", name)),
  ),
];
const plan: Describe<PlanEntry> = ({ levels, clocks, reacts, cameras_radius_m, around_m }, names) => [
  line("plans.cameras_radius", cameras_radius_m),
  line("plans.around", around_m),
  ...levels.flatMap((level, i) => below(say("plans.level", { n: i + 1 }), ofPart(level, names))),
  ...each("plans.part.clocks", clocks),
  ...each(
    "plans.part.reactions",
    reacts.map((name) => names.entry("reactions", name)),
  ),
];
const reaction: Describe<ReactionEntry> = (entry, names) => [
  ...titled("plans.because", entry.because),
  line("plans.near", entry.near && sayOf("plans.near", entry.near)),
  line("plans.during", entry.during && names.entry("times", entry.during)),
  line("plans.alarm_up", entry.alarm_up),
  line("plans.priority_at_least", entry.priority),
  ...ofPart(entry, names),
];
const regime: Describe<RegimeEntry> = ({ title, about, strains }, names) => [
  ...titled("plans.title", title),
  ...titled("plans.about", about),
  ...strains.flatMap((strain, i) =>
    below(say("plans.strain", { n: i + 1 }), [
      ...each(
        "plans.part.groups",
        strain.groups.map((name) => names.entry("groups", name)),
      ),
      line("plans.up_to_priority", strain.up_to_priority),
      line("plans.alarm_up", strain.alarm_up),
      ...ofPart(strain, names),
    ]),
  ),
];
const question: Describe<QuestionEntry> = ({ title, answer, choices }) => [
  ...titled("plans.title", title),
  line("plans.answer", sayOf("plans.answer", answer)),
  ...each("plans.choices", choices.map(named)),
];
const time: Describe<TimeEntry> = ({ title, hours, days, months }) => [
  ...titled("plans.title", title),
  ...each(
    "plans.hours",
    hours.map((pair) => pair.join("–")),
  ),
  ...each("plans.days", days.map(dayName)),
  ...each("plans.months", months.map(monthName)),
];
const checklist: Describe<ChecklistEntry> = ({ title, steps }) => [
  ...titled("plans.title", title),
  ...each("plans.steps", steps.map(named)),
];
const urgencies: Describe<UrgencyEntry> = ({ urgency, urgency_source }) => [
  ...Object.entries(urgency).map(([name, seconds]) => `${name}: ${span(seconds)} (${seconds})`),
  line("plans.source", urgency_source),
];
const onlyNamed: Describe<Titled> = ({ title }) => titled("plans.title", title);
const clockSet: Describe<TargetEntry[]> = (targets, names) => targets.map((target) => ofTarget(target, names));

const DESCRIBED: Record<Part, unknown> = {
  categories: category,
  plans: plan,
  reactions: reaction,
  regimes: regime,
  questions: question,
  checklists: checklist,
  clocks: clockSet,
  urgency: urgencies,
  times: time,
  recipients: onlyNamed,
  groups: onlyNamed,
};

/** Monday is 1. */
export const dayName = (day: number): string => say("plans.day_names").split(",")[day - 1] ?? String(day);
/** January is 1. */
export const monthName = (month: number): string => say("months").split(",")[month - 1] ?? String(month);

/** The lines of an entry of a part; none of one that is not there. */
export function linesOf(part: Part, entry: unknown, names: Names): string[] {
  return entry === undefined ? [] : (DESCRIBED[part] as Describe<unknown>)(entry, names);
}

export type Changed = { sign: "-" | "+"; text: string };

/** What went and what came between two lists of lines, in their order; what both have is left out. */
export function difference(before: readonly string[], after: readonly string[]): Changed[] {
  const common = lengths(before, after);
  const told: Changed[] = [];
  for (let i = 0, j = 0; i < before.length || j < after.length; ) {
    const [old, fresh] = [before[i], after[j]];
    if (old === fresh) {
      i += 1;
      j += 1;
    } else if (fresh === undefined || (old !== undefined && common(i + 1, j) >= common(i, j + 1))) {
      told.push({ sign: "-", text: old ?? "" });
      i += 1;
    } else {
      told.push({ sign: "+", text: fresh });
      j += 1;
    }
  }
  return told;
}

/** How long the longest common part of two lists is from these places on. */
function lengths(before: readonly string[], after: readonly string[]): (i: number, j: number) => number {
  const wide = after.length + 1;
  const found = new Uint16Array((before.length + 1) * wide);
  const at = (i: number, j: number) => found[i * wide + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1)
      found[i * wide + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  return at;
}
