import { expect, test } from "vitest";
import type { Content } from "../../../api/plan_content";
import {
  changedEntries,
  entryOf,
  keyOf,
  liesIn,
  moved,
  namesOf,
  rebased,
  stillTold,
  titleOfEntry,
  valueAt,
  whereOf,
  withCopy,
  withEntry,
  without,
} from "./draft";

const said = (ru: string) => ({ kk: ru, ru, en: ru });
const category = (ru: string) => ({ title: said(ru), group: "fire", priority: 1, asks: [], urgency: null });
const plan = { levels: [], clocks: ["call"], cameras_radius_m: 300, around_m: 150, reacts: [] };
const content: Content = {
  groups: { fire: { title: said("101") } },
  categories: { fire: category("Пожар"), smoke: category("Дым") },
  questions: {},
  checklists: {},
  recipients: { chief: { title: said("Начальник") } },
  times: {},
  clocks: { sets: { call: [] }, urgency: { I: 600, II: 900, III: 1800, IV: 3600 }, urgency_source: "ДСМ-225" },
  reactions: {},
  regimes: {},
  plans: { fire: plan, smoke: plan },
};
const keys = (before: Content, after: Content) => changedEntries(before, after).map(keyOf);

test("an entry is found by its key, by any word in it, and a plan by its category", () => {
  expect(namesOf(content, "categories")).toEqual(["fire", "smoke"]);
  expect(namesOf(content, "categories", "дым")).toEqual(["smoke"]);
  expect(namesOf(content, "plans", "дым")).toEqual(["smoke"]);
  expect(namesOf(content, "clocks")).toEqual(["call"]);
  expect(titleOfEntry(content, { part: "plans", name: "fire" })?.ru).toBe("Пожар");
});

test("what is changed, made and taken out is told, and the content before stays as it was", () => {
  const dearer = withEntry(content, { part: "clocks", name: "call" }, [{ seconds: 15 }]);
  const after = without(withCopy(dearer, { part: "categories", name: "haze" }, "smoke"), {
    part: "categories",
    name: "smoke",
  });
  expect(keys(content, after)).toEqual([
    "categories.smoke",
    "categories.haze",
    "plans.smoke",
    "plans.haze",
    "clocks.call",
  ]);
  expect(content.categories).toHaveProperty("smoke");
  expect(keys(content, withEntry(content, { part: "plans", name: "fire" }, { ...plan }))).toEqual([]);
});

test("a category comes and goes with its plan", () => {
  const made = withCopy(content, { part: "categories", name: "gas" }, "fire");
  expect(made.plans.gas).toEqual(plan);
  expect(without(made, { part: "categories", name: "gas" })).toEqual(content);
});

test("the ambulance's urgencies are one entry of the clocks", () => {
  const entry = { part: "urgency", name: "urgency" } as const;
  const after = withEntry(content, entry, { urgency: content.clocks.urgency, urgency_source: "ours" });
  expect(after.clocks.sets).toBe(content.clocks.sets);
  expect(keys(content, after)).toEqual(["urgency.urgency"]);
});

test("one's own changes go on top of what somebody else saved, and what both changed is named", () => {
  const chief = { part: "recipients", name: "chief" } as const;
  const mine = withEntry(withEntry(content, chief, { title: said("Мой") }), { part: "groups", name: "gas" }, {});
  const theirs = withEntry(withEntry(content, chief, { title: said("Их") }), { part: "plans", name: "fire" }, {});
  const { content: both, both: named } = rebased(content, mine, theirs);
  expect(named).toEqual([chief]);
  expect(both.recipients.chief?.title.ru).toBe("Мой");
  expect(keys(theirs, both)).toEqual(["recipients.chief", "groups.gas"]);
});

test("a fault leads to the entry that it is in", () => {
  expect(entryOf("plans.fire.levels[0].needs[1].kinds")).toEqual({ part: "plans", name: "fire" });
  expect(entryOf("categories.smoke")).toEqual({ part: "categories", name: "smoke" });
  expect(entryOf("clocks.urgency")).toEqual({ part: "urgency", name: "urgency" });
  expect(entryOf("clocks.sets.call[0].seconds")).toEqual({ part: "clocks", name: "call" });
  expect(whereOf({ part: "clocks", name: "call" })).toBe("clocks.sets.call");
  expect(entryOf("somewhere")).toBeNull();
});

test("a fault lies at its place and in all that holds it, not in one of a longer name", () => {
  expect(liesIn("plans.fire.levels[0].needs", "plans.fire.levels[0]")).toBe(true);
  expect(liesIn("plans.fire_public.levels", "plans.fire")).toBe(false);
  expect(liesIn("plans.fire.levels[10]", "plans.fire.levels[1]")).toBe(false);
});

test("a fault is forgotten once its place is changed, and stays where something else is", () => {
  const problem = said("Нет такого");
  const faults = ["plans.fire.clocks", "plans.fire.reacts", "plans.smoke.clocks"].map((where) => ({ where, problem }));
  const after = withEntry(content, { part: "plans", name: "fire" }, { ...plan, clocks: [] });
  expect(stillTold(faults, content, after).map(({ where }) => where)).toEqual([
    "plans.fire.reacts",
    "plans.smoke.clocks",
  ]);
  expect(valueAt(content, "plans.fire.clocks[0]")).toBe("call");
  expect(valueAt(content, "plans.fire.levels[3].needs")).toBeUndefined();
});

test("a row is moved by one place, and stays at the ends", () => {
  expect(moved(["a", "b", "c"], 2, 1)).toEqual(["a", "c", "b"]);
  expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
  expect(moved(["a", "b"], 1, 2)).toEqual(["a", "b"]);
});
