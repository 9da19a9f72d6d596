import { expect, test } from "vitest";
import told from "../../../../data/functions.json";
import type { RuledCamera } from "../../api/rules";
import type { Functions } from "./draft";
import { viewOf } from "./draft";
import { createWork } from "./work";

const FUNCTIONS = Object.fromEntries(
  Object.entries(told.functions).map(([name, row]) => [name, { ...row, name, card: null }]),
) as unknown as Functions;
const camera = (id: number, change: Partial<RuledCamera> = {}): RuledCamera => ({
  id,
  code: "C",
  name: { kk: "к", ru: "р", en: "e" },
  kind: "fixed",
  width_px: 640,
  height_px: 360,
  calibration: "none",
  preset: null,
  moving: false,
  rules: [],
  masks: [],
  rules_version: "one",
  ...change,
});
const ZONE = { part: "rules" as const, index: 0, setting: "zone" };

function drawn(id: number) {
  const work = createWork(1, camera(id), FUNCTIONS);
  work.take({ rules: [{ function: "zone_motion", settings: {} }], masks: [] });
  work.draw(ZONE);
  for (const at of [
    [0, 0],
    [100, 0],
    [100, 100],
    [1, 1],
  ] as [number, number][])
    work.touch(at, 5);
  return work;
}

test("a zone is drawn corner by corner, and is one step that can be taken back", () => {
  const work = drawn(1);
  const zone = [
    [0, 0],
    [100, 0],
    [100, 100],
  ];
  expect(work.draft.value.rules[0]?.settings).toEqual({ zone });
  expect(work.drawing.value).toBeNull();
  work.undo();
  expect(work.draft.value.rules[0]?.settings).toEqual({});
  work.undo();
  expect([work.draft.value.rules, work.chosen.value, work.changed.value]).toEqual([[], null, false]);
  work.undo();
});

test("what nobody saved is there again for the same account, and for no other", () => {
  drawn(2).stop();
  expect(createWork(7, camera(2), FUNCTIONS).changed.value).toBe(false);
  drawn(3).stop();
  const again = createWork(1, camera(3), FUNCTIONS);
  expect([again.changed.value, again.draft.value.rules.length, again.theirs.value]).toEqual([true, 1, null]);
});

test("what somebody else saved meanwhile is offered, and one's own is kept until it is given up", () => {
  drawn(4).stop();
  const newest = camera(4, { rules: [{ function: "motion" }], rules_version: "two" });
  const work = createWork(1, newest, FUNCTIONS);
  expect([work.theirs.value, work.base.value.rules_version]).toEqual([newest, "one"]);
  work.adopt(newest, false);
  expect([work.base.value.rules_version, work.draft.value.rules[0]?.function]).toEqual(["two", "zone_motion"]);
  work.adopt(newest, true);
  expect([work.changed.value, work.draft.value.rules[0]?.function]).toEqual([false, "motion"]);
  work.undo();
  expect(work.draft.value.rules[0]?.function).toBe("zone_motion");
});

test("the faults that a save brought go when the rules are counted anew", () => {
  const work = drawn(5);
  work.faults.value = [{ where: "rules[0]", problem: { kk: "", ru: "", en: "no" } }];
  work.drop({ part: "rules", index: 0 });
  expect([work.faults.value, work.chosen.value, work.active.value]).toEqual([[], null, null]);
});

test("who does not uncover changes no mask that hides from people, but those that are new", () => {
  const polygon: [number, number][] = [
    [0, 0],
    [9, 0],
    [9, 9],
  ];
  const masks = [{ polygon, kind: "privacy" as const }, { polygon }];
  const work = createWork(1, camera(6, { masks }), FUNCTIONS, false);
  work.take({ rules: [], masks: [...masks, { polygon: [[5, 5]], kind: "privacy" }] });
  const fixed = (of: typeof work) => [0, 1, 2].map((index) => of.isFixed({ part: "masks", index }));
  expect(fixed(work)).toEqual([true, false, false]);
  work.stop();
  expect(fixed(createWork(1, camera(6, { masks }), FUNCTIONS))).toEqual([false, false, false]);
});

test("a mask is drawn in the view that a turning camera stands at", () => {
  expect(viewOf(camera(7, { kind: "ptz", preset: "gate" }))).toEqual({ preset: "gate" });
  expect(viewOf(camera(7, { kind: "ptz", preset: "gate", moving: true }))).toEqual({});
  expect(viewOf(camera(7, { kind: "fixed", preset: "gate" }))).toEqual({});
});
