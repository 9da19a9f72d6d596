import { expect, test } from "vitest";
import type { AreaNode, Session } from "../api/access";
import type { Incident } from "../api/types";
import { above, commands } from "./Command";

const node = (id: number, parent_id: number | null): AreaNode => ({
  id,
  parent_id,
  code: `KZ-${id}`,
  level: 1,
  name: { kk: "", ru: "", en: `area ${id}` },
});
const [republic, city, district, aside] = [node(1, null), node(2, 1), node(3, 2), node(4, 1)];
const standing = (own: AreaNode, ...areas: AreaNode[]) =>
  ({ account: { area: own }, areas: [own, ...areas] }) as unknown as Session;
const incident = (held_by: AreaNode | null) => ({ area: district, held_by }) as unknown as Incident;

test("the levels above come nearest first, and the Republic has none", () => {
  expect(above([republic, city, district, aside], 3).map((area) => area.id)).toEqual([2, 1]);
  expect(above([republic, city], 1)).toEqual([]);
});

test("a level above takes over what is below it, and gives back what it took", () => {
  const above_it = standing(city, district);
  expect(commands(incident(null), above_it)).toEqual({ takes: true, gives_back: false, waits: false });
  expect(commands(incident(city), above_it)).toEqual({ takes: false, gives_back: true, waits: false });
});

test("one's own incident is not taken over, and what a level above holds is waited for", () => {
  const own = standing(district);
  expect(commands(incident(null), own)).toEqual({ takes: false, gives_back: false, waits: false });
  expect(commands(incident(city), own)).toEqual({ takes: false, gives_back: false, waits: true });
});

test("the highest takes over from a level between", () => {
  const highest = standing(republic, city, district, aside);
  expect(commands(incident(city), highest)).toEqual({ takes: true, gives_back: true, waits: false });
});
