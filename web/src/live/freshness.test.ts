import { expect, test } from "vitest";
import { backoff_ms, freshness } from "./freshness";

test("silence turns live to late to offline", () => {
  expect([0, 2.9, 3, 9.9, 10].map((age) => freshness(age, true))).toEqual(["live", "live", "late", "late", "offline"]);
});

test("a closed socket is never called live", () => {
  expect(freshness(0, false)).toBe("late");
});

test("the waits between tries double and stay under fifteen seconds", () => {
  expect([0, 1, 2, 3].map((attempt) => backoff_ms(attempt, 0))).toEqual([500, 1000, 2000, 4000]);
  expect(backoff_ms(50, 0)).toBe(15_000);
  expect(backoff_ms(2, 1)).toBe(1500);
});
