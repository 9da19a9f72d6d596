import { expect, test } from "vitest";
import type { AreaNode } from "../../api/access";
import type { FigureRow } from "../../api/clocks";
import { byArea, byName, grade, inClockOrder } from "./figures";

const name = (en: string) => ({ kk: en, ru: en, en });
const area = (id: number, parent_id: number | null): AreaNode => ({
  id,
  code: String(id),
  level: parent_id ? 4 : 3,
  name: name(`A${id}`),
  parent_id,
});
const row = (over: Partial<FigureRow>): FigureRow => ({
  clock: "travel",
  count: 10,
  running: 0,
  abandoned: 0,
  p50_s: 300,
  p90_s: 500,
  target_s: 600,
  share_met: 0.95,
  ...over,
});

test("clocks stand in the order in which they run, a strange one last", () => {
  const clocks = ["on_scene", "odd", "answer", "travel"].map((clock) => row({ clock }));
  expect(inClockOrder(clocks).map((one) => one.clock)).toEqual(["answer", "travel", "on_scene", "odd"]);
});

test("nine of ten in time are good, half of them slow, fewer bad, whatever one target of many would say", () => {
  const shares = [0.9, 0.89, 0.5, 0.49, null].map((share_met) => row({ share_met }));
  expect(shares.map(grade)).toEqual(["good", "slow", "slow", "bad", "none"]);
  expect(grade(row({ share_met: 0.95, target_s: null }))).toBe("good");
  expect(grade(row({ share_met: 0.3, p90_s: 500, target_s: 600 }))).toBe("bad");
});

test("the same clock of two services is two rows", () => {
  const rows = inClockOrder([row({ service: "fire" }), row({ service: "ambulance" }), row({ clock: "answer" })]);
  expect(rows.map((one) => `${one.clock} ${one.service ?? ""}`)).toEqual([
    "answer ",
    "travel ambulance",
    "travel fire",
  ]);
});

test("the tree of areas is kept, an area without figures is left out", () => {
  const rows = [row({ area: { id: 3, name: name("A3") } }), row({ area: { id: 1, name: name("A1") } })];
  const lines = byArea(rows, [area(1, null), area(2, 1), area(3, 1)], "en");
  expect(lines.map((line) => [line.title, line.depth])).toEqual([
    ["A1", 0],
    ["A3", 1],
  ]);
});

test("rows of one service are one line", () => {
  const lines = byName([row({ service: "fire" }), row({ service: "fire", clock: "answer" })], (one) => [
    String(one.service),
    "Fire",
  ]);
  expect(lines).toHaveLength(1);
  expect(lines[0]?.rows.map((one) => one.clock)).toEqual(["answer", "travel"]);
});
