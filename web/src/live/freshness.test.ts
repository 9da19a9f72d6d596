import { expect, test } from "vitest";
import { backoff_ms, freshness, silent } from "./freshness";

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

test("a feed whose newest position is older than a minute is silent, one never heard is unknown", () => {
  const now = Date.parse("2026-11-21T22:02:00Z");
  expect(silent("2026-11-21T22:00:59Z", now)).toBe(true);
  expect(silent("2026-11-21T22:01:01Z", now)).toBe(false);
  expect(silent(null, now)).toBe(false);
});
