/** The areas one may enter as a tree that can be searched; pure. */
import type { AreaNode } from "../api/access";
import type { Language } from "../api/types";

/** An area of the tree and all below it. */
export function within(areas: readonly AreaNode[], root_id: number): AreaNode[] {
  const inside = new Set([root_id]);
  const step = () =>
    areas.filter((area) => !inside.has(area.id) && area.parent_id !== null && inside.has(area.parent_id));
  for (let next = step(); next.length > 0; next = step()) for (const area of next) inside.add(area.id);
  return areas.filter((area) => inside.has(area.id));
}

export type Branch = { area: AreaNode; depth: number; found: boolean };

/** Letters as they are compared: without case, and `ё` as `е`, as people type. */
const plain = (text: string) => text.toLocaleLowerCase().replaceAll("ё", "е");

function matches(area: AreaNode, sought: string): boolean {
  return [area.code, ...Object.values(area.name)].some((name) => plain(name).includes(sought));
}

/**
 * The tree from top to bottom, each area after its parent, siblings by name. With a search only what matches is left,
 * and what leads to it; `found` tells the two apart. An area whose parent is not given stands at the top.
 */
export function branches(areas: readonly AreaNode[], language: Language, search = ""): Branch[] {
  const sought = plain(search.trim());
  const known = new Set(areas.map((area) => area.id));
  const children = new Map<number | null, AreaNode[]>();
  for (const area of areas) {
    const parent = area.parent_id !== null && known.has(area.parent_id) ? area.parent_id : null;
    children.set(parent, [...(children.get(parent) ?? []), area]);
  }
  function under(parent: number | null, depth: number): Branch[] {
    const here = [...(children.get(parent) ?? [])].sort((a, b) =>
      a.name[language].localeCompare(b.name[language], "ru"),
    );
    return here.flatMap((area) => {
      const below = under(area.id, depth + 1);
      const found = matches(area, sought);
      return found || below.length > 0 ? [{ area, depth, found }, ...below] : [];
    });
  }
  return under(null, 0);
}
