import { expect, test } from "vitest";
import { changedEntries, entriesOf, entryOf, parsed, withEntry } from "./draft";

const content = {
  categories: { fire: { title: { ru: "Пожар" } }, smoke: { title: { ru: "Дым" } } },
  plans: { fire: { levels: [] } },
};

test("an entry is found by its name or by any word in it", () => {
  expect(entriesOf(content, "categories", "")).toEqual(["fire", "smoke"]);
  expect(entriesOf(content, "categories", "дым")).toEqual(["smoke"]);
  expect(entriesOf(content, "questions", "")).toEqual([]);
});

test("what is changed, made and taken out is told, and the content before stays as it was", () => {
  const after = withEntry(withEntry(content, "categories", "smoke", undefined), "plans", "gas", { levels: [1] });
  expect(changedEntries(content, after)).toEqual(["categories.smoke", "plans.gas"]);
  expect(content.categories).toHaveProperty("smoke");
  expect(changedEntries(content, withEntry(content, "plans", "fire", { levels: [] }))).toEqual([]);
});

test("a fault leads to the entry that it is in", () => {
  expect(entryOf("plans.fire.levels[0].needs[1].kinds")).toEqual({ part: "plans", name: "fire" });
  expect(entryOf("categories.smoke")).toEqual({ part: "categories", name: "smoke" });
  expect(entryOf("somewhere")).toBeNull();
});

test("what is no JSON says so", () => {
  expect(parsed('{"a": 1}')).toEqual({ entry: { a: 1 } });
  expect(parsed("{")).toHaveProperty("wrong");
});
