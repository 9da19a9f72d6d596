import { expect, test } from "vitest";
import told from "../../../../data/functions.json";
import type { CameraFunction } from "../../api/rules";
import { LANGUAGES, speak, WORDS } from "../../words/words";
import { added, dropped, faultsAt, itemOf, sent, shapesOf, turnedTo, undrawn, withPoints, withSetting } from "./draft";
import { saidOf } from "./faults";
import { counting, fieldsOf, LABELS, turned, typedOf, unfit } from "./form";

const FUNCTIONS = Object.fromEntries(
  Object.entries(told.functions).map(([name, row]) => [
    name,
    { ...row, name, card: null } as unknown as CameraFunction,
  ]),
);
const of = (name: string) => fieldsOf(FUNCTIONS[name]);
const one = (name: string, field: string) => of(name).find((each) => each.name === field);

test("every setting of every function is a field of a kind that has one, and said in three languages", () => {
  for (const name of Object.keys(FUNCTIONS))
    for (const field of of(name)) {
      expect([name, field.name, field.kind]).not.toContain("other");
      const words = [`rules.setting.${field.name}`, ...field.options.map((option) => `rules.option.${option}`)];
      for (const word of words) for (const each of LANGUAGES) expect(WORDS[each][word], `${each} ${word}`).toBeTruthy();
    }
});

test("what a function does not look at is neither asked nor sent", () => {
  const asked = (by?: string) => counting(of("zone_motion"), by ? { by } : {}).map(({ name }) => name);
  expect([asked(), asked("tracks")].every((names) => names.includes("labels"))).toBe(true);
  expect(asked("motion")).not.toContain("labels");
  const rules = ["tracks", "motion"].map((by) => ({ function: "zone_motion", settings: { by, labels: ["car"] } }));
  const before = { function: "motion", settings: { labels: ["car"], dwell_s: 2 } };
  const unknown = { function: "of_tomorrow", settings: { labels: ["car"] } };
  expect(sent([...rules, before, unknown], FUNCTIONS)).toEqual([
    rules[0],
    { function: "zone_motion", settings: { by: "motion" } },
    { function: "motion", settings: { dwell_s: 2 } },
    unknown,
  ]);
});

test("the labels of the house's model are those that can be chosen", () => {
  expect([...LABELS]).toEqual(told.labels);
});

test("every label that a function starts with can be chosen, and has its word", () => {
  const standard = Object.keys(FUNCTIONS).flatMap((name) => (one(name, "labels")?.standard ?? []) as string[]);
  expect(LABELS).toEqual(expect.arrayContaining(standard));
  for (const label of LABELS)
    for (const each of LANGUAGES) expect(WORDS[each][`rules.label.${label}`], `${each} ${label}`).toBeTruthy();
});

test("a schema tells what is drawn, what is needed, and what stands where nothing is said", () => {
  expect(of("wrong_way").slice(0, 2)).toMatchObject([
    { name: "way", kind: "line", required: true },
    { name: "zone", kind: "zone", required: false },
  ]);
  expect(one("line_crossing", "direction")).toMatchObject({ kind: "choice", standard: "any" });
  expect(one("zone_motion", "min_area_px2")).toMatchObject({ kind: "number", standard: 256, least: 256, above: false });
  expect(one("counting", "most_inside")).toMatchObject({ kind: "number", whole: true, standard: null });
  expect(one("loitering", "within")).toMatchObject({ least: 0, above: true });
  expect(one("camera_tampering", "ways")?.kind).toBe("several");
  expect(fieldsOf(undefined)).toEqual([]);
});

test("what is typed is a number, or nothing, or left as it is for the server to refuse", () => {
  expect([typedOf("2,5"), typedOf(" "), typedOf("soon")]).toEqual([2.5, undefined, "soon"]);
  const people = one("crowd_gathering", "people");
  if (!people) throw new Error("people");
  expect([1, 2, 2.5, "six", undefined].map((value) => unfit(people, value))).toEqual([true, false, true, true, false]);
  const within = one("loitering", "within");
  if (!within) throw new Error("within");
  expect([0, 0.1].map((value) => unfit(within, value))).toEqual([true, false]);
});

test("labels are turned on and off in their order, and one that the list does not know stays", () => {
  expect(turned(["a", "b", "c"], ["c", "x"], "a", true)).toEqual(["a", "c", "x"]);
  expect(turned(["a", "b", "c"], ["a", "c"], "a", false)).toEqual(["c"]);
});

test("what is drawn of a rule stands under its setting, and what is still to be drawn is known", () => {
  const empty = { rules: [], masks: [{ polygon: [], kind: "privacy" as const }] };
  const draft = added(empty, { function: "wrong_way", settings: {}, masks: [{ polygon: [] }] });
  const rule = () => draft.rules[0] ?? { function: "" };
  expect(shapesOf(draft, FUNCTIONS).map(({ look, closed }) => [look, closed])).toEqual([
    ["privacy", true],
    ["line", false],
    ["zone", true],
    ["hidden", true],
  ]);
  expect(undrawn(rule(), 0, FUNCTIONS)).toMatchObject({ setting: "way" });
  const way = { part: "rules" as const, index: 0, setting: "way" };
  const drawn = withPoints(draft, way, [
    [1, 2],
    [3, 4],
  ]);
  expect(drawn.rules[0]?.settings).toEqual({
    way: [
      [1, 2],
      [3, 4],
    ],
  });
  expect(undrawn(drawn.rules[0] ?? rule(), 0, FUNCTIONS)).toMatchObject({ own_mask: 0 });
  const hidden = withPoints(drawn, { part: "rules", index: 0, own_mask: 0 }, [[5, 6]]);
  expect(hidden.rules[0]?.masks?.[0]?.polygon).toEqual([[5, 6]]);
  expect(dropped(hidden, { part: "masks", index: 0 }).masks).toEqual([]);
});

test("a setting that is taken away leaves the function's own, and another function keeps what it knows", () => {
  const draft = added(
    { rules: [], masks: [] },
    { function: "zone_motion", settings: { zone: [[1, 1]], dwell_s: 3, by: "motion" } },
  );
  expect(withSetting(draft, 0, "dwell_s", undefined).rules[0]?.settings).toEqual({ zone: [[1, 1]], by: "motion" });
  const loitering = FUNCTIONS.loitering;
  if (!loitering || !draft.rules[0]) throw new Error("loitering");
  expect(turnedTo(draft.rules[0], loitering)).toEqual({
    function: "loitering",
    settings: { zone: [[1, 1]], dwell_s: 3 },
  });
});

test("a fault belongs to its rule and to its field, and to no other that begins alike", () => {
  const problem = { kk: "", ru: "", en: "no" };
  const faults = ["rules[1].settings.dwell_s", "rules[10]", "masks[0].polygon"].map((where) => ({ where, problem }));
  expect(faultsAt(faults, "rules[1]")).toHaveLength(1);
  expect(faultsAt(faults, "rules[1].settings.dwell")).toHaveLength(0);
  expect(itemOf("rules[10].settings")).toEqual({ part: "rules", index: 10 });
  expect(itemOf("body.rules")).toBeNull();
});

test("a fault calls a setting as the form calls it, and leaves the words of its sentence alone", () => {
  const problem = { kk: "zone көрсетілмеген.", ru: "Не указано: zone.", en: "zone is missing." };
  const strange = { kk: "", ru: "", en: "There is no such setting: still, line, by." };
  const said = LANGUAGES.map((one) => {
    speak(one);
    return saidOf({ where: "rules[0].settings", problem });
  });
  expect(said).toEqual(["«Аймақ» көрсетілмеген.", "Не указано: «Зона».", "«Zone» is missing."]);
  expect(saidOf({ where: "rules[0].settings", problem: strange })).toBe(strange.en);
  expect(saidOf({ where: "rules[0].settings.zone[0]", problem })).toBe(problem.en);
  speak("kk");
});
