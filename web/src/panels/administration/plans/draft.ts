/** The content of the plans while somebody changes it: its lists, their entries, and what differs; pure. */
import type { Content, TargetEntry, UrgencyEntry } from "../../../api/plan_content";
import type { Fault } from "../../../api/plans";
import type { Title } from "../../../api/types";

/** What is edited, most asked for first. Sets of clocks and the ambulance's urgencies stand in one list of the content. */
export const PARTS = [
  "categories",
  "plans",
  "reactions",
  "questions",
  "checklists",
  "recipients",
  "clocks",
  "urgency",
  "times",
  "regimes",
  "groups",
] as const;
export type Part = (typeof PARTS)[number];
export type Entry = { part: Part; name: string };
/** Parts whose entries are given: a plan is made and taken out with its category. */
export const GIVEN: ReadonlySet<Part> = new Set(["plans", "urgency", "regimes"]);

const URGENCY: Entry = { part: "urgency", name: "urgency" };

/** The entries of a part by their names. */
export function listOf(content: Content, part: Part): Readonly<Record<string, unknown>> {
  if (part === "clocks") return content.clocks.sets;
  if (part !== "urgency") return content[part];
  const { urgency, urgency_source } = content.clocks;
  return { [URGENCY.name]: { urgency, urgency_source } };
}

function withList(content: Content, part: Part, entries: Record<string, unknown>): Content {
  const { clocks } = content;
  if (part === "clocks") return { ...content, clocks: { ...clocks, sets: entries as Record<string, TargetEntry[]> } };
  if (part === "urgency") return { ...content, clocks: { ...clocks, ...(entries[URGENCY.name] as UrgencyEntry) } };
  return { ...content, [part]: entries };
}

/** One name for an entry among all, as it is written in the record of changes. */
export const keyOf = (entry: Entry): string => `${entry.part}.${entry.name}`;

/** What an entry is called; none where it has a key alone. */
export function titleOfEntry(content: Content, { part, name }: Entry): Title | null {
  if (part === "plans") return content.categories[name]?.title ?? null;
  const { title, because } = (listOf(content, part)[name] ?? {}) as { title?: Title; because?: Title };
  return title ?? because ?? null;
}

/** The names of a part's entries whose key or text holds what is sought; a plan is found by its category too. */
export function namesOf(content: Content, part: Part, sought = ""): string[] {
  const text = sought.trim().toLocaleLowerCase();
  if (text === "") return Object.keys(listOf(content, part));
  const found = Object.entries(listOf(content, part)).filter(([name, entry]) => {
    const words = JSON.stringify([name, titleOfEntry(content, { part, name }), entry]);
    return words.toLocaleLowerCase().includes(text);
  });
  return found.map(([name]) => name);
}

/** The content with one entry changed, made, or taken out by `undefined`. */
export function withEntry(content: Content, { part, name }: Entry, entry: unknown): Content {
  const entries = { ...listOf(content, part) };
  if (entry === undefined) delete entries[name];
  else entries[name] = entry;
  return withList(content, part, entries);
}

/** The content with a new entry that begins as a copy of another; a category comes with a plan. */
export function withCopy(content: Content, { part, name }: Entry, like: string): Content {
  const after = withEntry(content, { part, name }, listOf(content, part)[like]);
  const plan = content.plans[like];
  return part === "categories" && plan ? withEntry(after, { part: "plans", name }, plan) : after;
}

/** The content without an entry; a category takes its plan along. */
export function without(content: Content, entry: Entry): Content {
  const after = withEntry(content, entry, undefined);
  return entry.part === "categories" ? withEntry(after, { ...entry, part: "plans" }, undefined) : after;
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** What differs. */
export function changedEntries(before: Content, after: Content): Entry[] {
  return PARTS.flatMap((part) => {
    const [old, fresh] = [listOf(before, part), listOf(after, part)];
    const names = new Set([...Object.keys(old), ...Object.keys(fresh)]);
    return [...names].filter((name) => !same(old[name], fresh[name])).map((name) => ({ part, name }));
  });
}

/** One's own changes on top of what somebody else saved meanwhile; `both` are the entries that both changed. */
export function rebased(base: Content, mine: Content, theirs: Content): { content: Content; both: Entry[] } {
  const own = changedEntries(base, mine);
  const both = own.filter((entry) => {
    const [then, now, wanted] = [base, theirs, mine].map((one) => listOf(one, entry.part)[entry.name]);
    return !same(then, now) && !same(now, wanted);
  });
  const content = own.reduce((so_far, entry) => withEntry(so_far, entry, listOf(mine, entry.part)[entry.name]), theirs);
  return { content, both };
}

/** Where an entry stands, as faults name it. */
export function whereOf({ part, name }: Entry): string {
  if (part === "urgency") return "clocks";
  return part === "clocks" ? `clocks.sets.${name}` : `${part}.${name}`;
}

/** Where a fault is: `plans.fire.levels[0].needs` is the plan `fire`; null where it is in no entry. */
export function entryOf(where: string): Entry | null {
  if (where.startsWith("clocks.urgency")) return URGENCY;
  const [, part = "", name = ""] = where.match(/^(clocks\.sets|[a-z]+)\.([a-z][a-z0-9_]*)/) ?? [];
  const known = PARTS.find((one) => one === part.replace(".sets", ""));
  return known && name ? { part: known, name } : null;
}

/** Whether a fault lies at a place or deeper in it. */
export const liesIn = (fault: string, where: string): boolean =>
  fault === where || fault.startsWith(`${where}.`) || fault.startsWith(`${where}[`);

/** What stands at a place of a content, as faults name it; undefined where nothing does. */
export function valueAt(content: Content, where: string): unknown {
  const steps = where.match(/[^.[\]]+/g) ?? [];
  return steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | null | undefined)?.[step], content);
}

/** The faults that a change leaves as they were: what was changed at their place has to be checked anew. */
export function stillTold(faults: readonly Fault[], before: Content, after: Content): Fault[] {
  return faults.filter(({ where }) => same(valueAt(before, where), valueAt(after, where)));
}

/** A list with one of its rows moved; out of its bounds nothing moves. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const after = [...list];
  if (to < 0 || to >= after.length) return after;
  after.splice(to, 0, ...after.splice(from, 1));
  return after;
}
