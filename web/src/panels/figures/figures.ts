/** The figures of the clocks put into the order they are read in; pure. */
import { branches } from "../../access/area_tree";
import type { AreaNode } from "../../api/access";
import type { FigureRow } from "../../api/clocks";
import type { Language } from "../../api/types";

export const CLOCKS = ["answer", "process", "turnout", "travel", "on_scene"] as const;
export const PERIODS_D = [1, 7, 30, 365] as const;
export type Line = { key: string; title: string; depth: number; rows: FigureRow[] };

/** The clocks in the order in which they run, of one service after another; one that is not known here comes last. */
export function inClockOrder(rows: readonly FigureRow[]): FigureRow[] {
  const rank = (row: FigureRow) => (CLOCKS as readonly string[]).indexOf(row.clock) + 1 || CLOCKS.length + 1;
  return [...rows].sort((a, b) => rank(a) - rank(b) || (a.service ?? "").localeCompare(b.service ?? ""));
}

const GOOD = 0.9; // what is asked of every target by NENA-STA-020.1 and NFPA 1710
const HALF = 0.5;

/** Whether nine of ten, or at least half, were in time: each measured by its own target. */
export function grade(row: FigureRow): "good" | "slow" | "bad" | "none" {
  if (row.share_met === null) return "none";
  if (row.share_met >= GOOD) return "good";
  return row.share_met >= HALF ? "slow" : "bad";
}

/** By area: the tree from top to bottom, only where there is something to tell; each line holds all below it. */
export function byArea(rows: readonly FigureRow[], areas: readonly AreaNode[], language: Language): Line[] {
  const of = (id: number) => inClockOrder(rows.filter((row) => row.area?.id === id));
  return branches(areas, language)
    .map(({ area, depth }) => ({ key: String(area.id), title: area.name[language], depth, rows: of(area.id) }))
    .filter((line) => line.rows.length > 0);
}

/** By service or category, by their titles. */
export function byName(rows: readonly FigureRow[], nameOf: (row: FigureRow) => [key: string, title: string]): Line[] {
  const found = new Map<string, Line>();
  for (const row of rows) {
    const [key, title] = nameOf(row);
    const line = found.get(key) ?? { key, title, depth: 0, rows: [] };
    found.set(key, { ...line, rows: inClockOrder([...line.rows, row]) });
  }
  return [...found.values()].sort((a, b) => a.title.localeCompare(b.title, "ru"));
}
