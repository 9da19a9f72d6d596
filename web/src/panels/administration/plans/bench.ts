/** What the fields of the editor are handed beside their own value: the whole content, its faults, and the way to another entry. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Content } from "../../../api/plan_content";
import type { Fault } from "../../../api/plans";
import { language, titleOf } from "../../../words/words";
import { useHouse } from "../../house";
import { useServiceTitle, useSkillTitle } from "../../parts";
import type { Names } from "./describe";
import { type Entry, liesIn, namesOf, type Part, titleOfEntry } from "./draft";

export type Bench = { content: Content; faults: readonly Fault[]; go: (entry: Entry) => void };
/** A value of the content, how to change it, and where it stands, as faults name it. */
export type Field<T> = { value: T; change: (value: T) => void; where: string };
export type Option = { name: string; title: string };

/** A part of a value, as a field of its own. */
export function partOf<T extends object, K extends keyof T & string>(
  { value, change, where }: Field<T>,
  key: K,
): Field<T[K]> {
  return { value: value[key], change: (part) => change({ ...value, [key]: part }), where: `${where}.${key}` };
}

/** A choice that cannot be nothing: nothing is not taken over. */
export function needed<T>(field: Field<T>): Field<T | null> {
  return { ...field, change: (chosen) => chosen !== null && field.change(chosen) };
}

export const BenchContext = createContext<Bench | null>(null);

/** The bench of the field that asks. */
export function useBench(): Bench {
  const bench = useContext(BenchContext);
  if (!bench) throw new Error("a field stands outside the editor");
  return bench;
}

/** The entries of a part that hold what is sought, in the order of what they are called; of namesakes the keys are told. */
export function optionsOf(content: Content, part: Part, sought = ""): Option[] {
  const options = namesOf(content, part, sought).map((name) => ({ name, title: called(content, { part, name }) }));
  const seen = new Set<string>();
  const twice = new Set(options.map(({ title }) => title).filter((title) => seen.size === seen.add(title).size));
  const told = options.map(({ name, title }) => ({ name, title: twice.has(title) ? `${title} (${name})` : title }));
  return told.sort((one, other) => one.title.localeCompare(other.title, language.value === "en" ? "en" : "ru"));
}

/** The title of an entry, or its key. */
export const called = (content: Content, entry: Entry): string => titleOf(titleOfEntry(content, entry)) || entry.name;

/** What the faults say about a place: `deep` with all that lies in it. */
export function faultsAt(faults: readonly Fault[], where: string, deep: boolean): string[] {
  const own = faults.filter((fault) => (deep ? liesIn(fault.where, where) : fault.where === where));
  return own.map((fault) => titleOf(fault.problem));
}

/** The words of the lines that compare two versions. */
export function useNames(content: Content): Names {
  const { desk } = useHouse();
  const [service, skill] = [useServiceTitle(), useSkillTitle()];
  return {
    entry: (part, name) => called(content, { part, name }),
    service,
    skill,
    kind: (kind) => titleOf(desk.document.value?.unit_kinds[kind]?.title) || kind.replaceAll("_", " "),
  };
}

/** Take the keyboard to the place that a fault is about, or to the nearest that holds it. */
export function focusOn(fault: string): void {
  const places = [...document.querySelectorAll<HTMLElement>("[data-where]")];
  const holding = places.filter((place) => liesIn(fault, place.dataset.where ?? ""));
  const nearest = holding.sort((a, b) => (b.dataset.where ?? "").length - (a.dataset.where ?? "").length)[0];
  const stop = nearest?.matches("input, select")
    ? nearest
    : nearest?.querySelector<HTMLElement>("input, select, button");
  stop?.focus();
  nearest?.scrollIntoView({ block: "nearest" });
}
