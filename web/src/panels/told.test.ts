import { beforeEach, expect, test } from "vitest";
import type { TimelineEntry } from "../api/types";
import { language } from "../words/words";
import { tellOf } from "./told";

beforeEach(() => {
  language.value = "en";
});
const titles = {
  status: (name: string) => `status ${name}`,
  category: (name: string) => `the ${name}`,
  service: (name: string) => `${name} service`,
};
const told = (kind: string, details: Record<string, unknown>) =>
  tellOf({ id: 1, at: "", who: "aigul", kind, details } as TimelineEntry, titles);

test("a change tells from what to what, by the names that people know", () => {
  expect(told("category", { from: "fire", to: "theft", reason: "Nothing burns." })).toBe(
    "the fire → the theft · Nothing burns.",
  );
  expect(told("alarm", { from: 1, to: 3, reason: "" })).toBe("1 → 3");
});

test("a priority that a plan raised tells why", () => {
  const because = [{ kk: "Туннельде", ru: "В тоннеле", en: "In a tunnel" }];
  expect(told("priority", { from: 4, to: 1, because })).toBe("P4 → P1 · In a tunnel");
});

test("an answer tells what was asked before what was answered", () => {
  const [of, to] = [
    { kk: "Балалар бар ма?", ru: "Есть дети?", en: "Are there children?" },
    { kk: "иә", ru: "да", en: "yes" },
  ];
  expect(told("answer", { question: "children_there", given: "yes", of, to })).toBe("Are there children? · yes");
});

test("another incident is told by its number, an area by its name", () => {
  expect(told("merged", { into: { id: 7, number: "26-000007" }, reason: "Twice." })).toBe("26-000007 · Twice.");
  expect(told("escalated", { to: { id: 1, kk: "Қ", ru: "К", en: "Kazakhstan" } })).toBe("Kazakhstan");
});

test("both sides of a merge name the other incident", () => {
  expect(told("merged_in", { of: { id: 8, number: "26-000008" }, reason: "Twice.", events: [1] })).toBe(
    "26-000008 · Twice.",
  );
});

test("a document of another centre tells how many of its notes had no room", () => {
  expect(told("imported_again", { notes: 500, left_out: 3, text: "Closed" })).toBe(
    "notes beyond the limit: 3 · Closed",
  );
});

test("a clock that ran out tells which, of which service, and its target", () => {
  expect(told("clock_breached", { clock: "turnout", service: "fire", target_s: 80 })).toBe(
    "fire service · Turnout · target 1:20",
  );
  expect(told("clock_breached", { clock: "answer", service: null, target_s: 15 })).toBe("Answer · target 0:15");
});

test("a tick tells which line, and units are told one by one", () => {
  expect(told("checklist", { item: "fire.nearest_hydrants", done: true })).toBe("✓ nearest hydrants");
  expect(told("dispatched", { units: ["101-1", "101-2"] })).toBe("101-1, 101-2");
  expect(told("status", { call_sign: "103-4", status: "onscene" })).toBe("103-4 · status onscene");
});
