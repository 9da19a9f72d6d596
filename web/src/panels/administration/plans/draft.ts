/** The content of the plans while somebody changes it: its lists, their entries, and what differs; pure. */
import type { Content } from "../../../api/plans";

/** What is edited, most asked for first; `clocks` is one entry of several parts. */
export const PARTS = [
  "categories",
  "plans",
  "questions",
  "checklists",
  "recipients",
  "clocks",
  "times",
  "reactions",
  "regimes",
  "groups",
] as const;
export type Part = (typeof PARTS)[number];
export type Entry = { part: Part; name: string };

/** An entry as it is written in the editor. */
export const written = (value: unknown): string => (value === undefined ? "" : JSON.stringify(value, null, 2));

/** The names of a part's entries whose name or text holds what is sought. */
export function entriesOf(content: Content, part: Part, sought: string): string[] {
  const text = sought.trim().toLocaleLowerCase();
  const found = Object.entries(content[part] ?? {}).filter(
    ([name, entry]) => name.includes(text) || JSON.stringify(entry).toLocaleLowerCase().includes(text),
  );
  return found.map(([name]) => name);
}

/** The content with one entry changed, made, or taken out by `undefined`. */
export function withEntry(content: Content, part: Part, name: string, entry: unknown): Content {
  const entries = { ...content[part] };
  if (entry === undefined) delete entries[name];
  else entries[name] = entry;
  return { ...content, [part]: entries };
}

/** What differs, as `part.name`. */
export function changedEntries(before: Content, after: Content): string[] {
  return PARTS.flatMap((part) => {
    const names = new Set([...Object.keys(before[part] ?? {}), ...Object.keys(after[part] ?? {})]);
    return [...names]
      .filter((name) => written(before[part]?.[name]) !== written(after[part]?.[name]))
      .map((name) => `${part}.${name}`);
  });
}

/** Where a fault is: `plans.fire.levels[0].needs` is the entry `fire` of the part `plans`; null where it is nowhere. */
export function entryOf(where: string): Entry | null {
  const [first = "", second = ""] = where.split(/[.[]/);
  const part = PARTS.find((one) => one === first);
  return part && second ? { part, name: second } : null;
}

/** Read what was typed; the parser's own words where it is no JSON. */
export function parsed(text: string): { entry: unknown } | { wrong: string } {
  try {
    return { entry: JSON.parse(text) };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}
