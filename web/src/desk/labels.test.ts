import { expect, test } from "vitest";
import data from "../../../data/labels.json";
import type { Labels } from "../api/types";
import { reasonsOf, wordOf } from "./labels";

const title = (word: string) => ({ kk: word, ru: word, en: word });
const labels: Labels = {
  lunch: { title: title("Meal"), means: { duty: "break" } },
  water: { title: title("Water"), means: { duty: "break" }, services: ["fire"] },
  left: { title: title("Crew turned out"), means: { status: "enroute" }, services: ["fire"] },
  not_ours: { title: title("Not ours"), means: { status: "refused" } },
};

test("a duty's reasons are those of the own service", () => {
  expect(reasonsOf(labels, "fire", "break").map((one) => one.code)).toEqual(["lunch", "water"]);
  expect(reasonsOf(labels, "police", "break").map((one) => one.code)).toEqual(["lunch"]);
  expect(reasonsOf(undefined, "police", "break")).toEqual([]);
});

test("a status has the word of the service, where that has one of its own", () => {
  expect(wordOf(labels, "fire", "enroute")?.en).toBe("Crew turned out");
  expect(wordOf(labels, "police", "enroute")).toBeNull();
  expect(wordOf(labels, undefined, "enroute")).toBeNull();
  expect(wordOf(labels, "fire", "refused")).toBeNull();
});

test("the words of the house name statuses beside reasons", () => {
  expect(wordOf(data as Labels, "ambulance", "patient")).not.toBeNull();
  expect(reasonsOf(data as Labels, "ambulance", "out_of_service").length).toBeGreaterThan(1);
});
