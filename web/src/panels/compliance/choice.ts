/** What of compliance is looked at: whose cameras, by which rule, with which verdict; pure. */
import type { Counts, Report, Verdict, Wanted } from "../../api/compliance";

export const PARTS = ["areas", "owners", "years", "rules", "gaps", "cameras"] as const;
export type PartName = (typeof PARTS)[number];
export const VERDICTS: readonly Verdict[] = ["breaks", "cannot_tell", "meets", "not_asked"];
export const ALL: Wanted = { owner: null, rule: "", verdict: "" };

/** The part that the address names; the number of a camera opens it beside the list of cameras. */
export function partOf(part: string): PartName {
  if (/^\d+$/.test(part)) return "cameras";
  return PARTS.find((one) => one === part) ?? "areas";
}

/** The camera that the address names. */
export function cameraOf(part: string): number | null {
  return /^\d+$/.test(part) ? Number(part) : null;
}

/** How much of the cameras that are asked meets the rules, in whole percents never rounded up; null: none is asked. */
export function percent(counts: Counts): number | null {
  const asked = counts.cameras - counts.not_asked;
  return asked > 0 ? Math.floor((100 * counts.meets) / asked) : null;
}

/** How deep each area of a report lies under the first of its tree. */
export function depths(areas: Report["areas"]): Map<number, number> {
  const found = new Map<number, number>();
  for (const { area, parent_id } of areas) found.set(area.id, Math.min(3, (found.get(parent_id ?? -1) ?? -1) + 1));
  return found;
}

/** The areas as a tree is read: each right before those below it, by their names. */
export function inTree(areas: Report["areas"], nameOf: (one: Report["areas"][number]) => string): Report["areas"] {
  const known = new Set(areas.map((one) => one.area.id));
  const below = (id: number | null): Report["areas"] =>
    areas
      .filter((one) => (one.parent_id !== null && known.has(one.parent_id) ? one.parent_id : null) === id)
      .sort((a, b) => nameOf(a).localeCompare(nameOf(b)))
      .flatMap((one) => [one, ...below(one.area.id)]);
  return below(null);
}
