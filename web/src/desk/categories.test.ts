import { expect, test } from "vitest";
import type { Category, MapDocument, QyranEvent } from "../api/types";
import { categoryOf, pickCategories } from "./categories";

const title = (kk: string, ru: string, en: string) => ({ kk, ru, en });
const category = (group: string, kk: string, ru: string, en: string) =>
  ({ title: title(kk, ru, en), group, priority: 1 }) as Category;
const known = {
  groups: {
    fire: { title: title("Өрт", "Пожар, 101", "Fire") },
    police: { title: title("Полиция", "Полиция", "Police") },
  },
  categories: {
    smoke: category("fire", "Түтін", "Дым", "Smoke"),
    fire_car: category("fire", "Көлік өрті", "Горит автомобиль", "Car fire"),
    theft: category("police", "Ұрлық", "Кража автомобиля", "Car theft"),
  },
};
const names = (text: string) =>
  pickCategories(known, text, "ru").map((g) => [g.name, ...g.categories.map((c) => c.name)]);

test("nothing typed shows all of them by group", () => {
  expect(names("")).toEqual([
    ["fire", "smoke", "fire_car"],
    ["police", "theft"],
  ]);
});

test("any of the three languages finds, and Kazakh letters may be left without their tails", () => {
  expect(names("smok")).toEqual([["fire", "smoke"]]);
  expect(names("урлык")).toEqual([["police", "theft"]]);
  expect(names("дым")).toEqual([["fire", "smoke"]]);
});

test("a word that begins so stands before one that only holds it", () => {
  expect(names("кража")[0]).toEqual(["police", "theft"]);
  expect(names("авто").flat()).toEqual(["fire", "fire_car", "police", "theft"]);
});

test("a service's name or number shows all that is its", () => {
  expect(names("101")).toEqual([["fire", "smoke", "fire_car"]]);
});

test("what is no pattern is looked for as it is", () => {
  expect(names("(*")).toEqual([]);
});

test("an event speaks of the category that its sender said, where that is one, else of its kind's", () => {
  const plans = {
    categories: { gas_smell: {}, crash: {}, other: {} },
    kinds: { collision: { category: "crash" }, outside: { category: "other" } },
  } as unknown as MapDocument;
  const said = (kind: string, details: object) => categoryOf(plans, { kind, details } as QyranEvent);
  expect(said("collision", { category: "gas_smell" })).toBe("gas_smell");
  expect(said("collision", { category: "of another centre" })).toBe("crash");
  expect(said("collision", {})).toBe("crash");
  expect(said("nobody described it", { category: 7 })).toBe("other");
});
