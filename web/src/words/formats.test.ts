import { beforeEach, expect, test } from "vitest";
import { ago, clock, date, distance, hectares, moment, number, span, stopwatch } from "./formats";
import { language } from "./words";

beforeEach(() => {
  language.value = "en";
});

test("times are shown in UTC+5, also over midnight", () => {
  expect(clock("2026-11-21T21:46:58Z")).toBe("02:46");
  expect(clock("2026-11-21T21:46:58Z", true)).toBe("02:46:58");
  expect(date("2026-11-21T21:46:58Z")).toBe("22 November 2026");
});

test("dates are written out in the three languages", () => {
  language.value = "kk";
  expect(date("2026-11-21T08:00:00Z")).toBe("2026 ж. 21 қараша");
  language.value = "ru";
  expect(date("2026-11-21T08:00:00Z")).toBe("21 ноября 2026 г.");
});

test("a moment today is a time, another day's has its date", () => {
  const now = Date.parse("2026-11-21T10:00:00Z");
  expect(moment("2026-11-21T09:00:00Z", now)).toBe("14:00");
  expect(moment("2026-11-20T09:00:00Z", now)).toBe("20 November 2026, 14:00");
});

test("what is no time is a dash", () => {
  expect(clock("soon")).toBe("—");
  expect(date(Number.NaN)).toBe("—");
});

test("spans are told in their largest unit", () => {
  expect([0, 59, 60, 3599, 3600, 86_400 * 12].map(span)).toEqual(["0 s", "59 s", "1 min", "59 min", "1 h", "12 d"]);
  expect(ago(1)).toBe("now");
  expect(ago(61)).toBe("1 min ago");
  expect(ago(-5)).toBe("now");
});

test("a stopwatch runs past the hour", () => {
  expect([5, 65, 3725].map(stopwatch)).toEqual(["0:05", "1:05", "1:02:05"]);
});

test("distances are rounded as people read them", () => {
  expect([7.4, 84, 487, 1240].map(distance)).toEqual(["7 m", "84 m", "490 m", "1.2 km"]);
  language.value = "ru";
  expect(distance(1240)).toBe("1,2 км");
});

test("numbers are grouped and marked as the language does it", () => {
  expect([number(2614.72, 1), number(1234567), hectares(8_749_000), hectares(1234)]).toEqual([
    "2,614.7",
    "1,234,567",
    "875",
    "0.12",
  ]);
  language.value = "ru";
  expect(number(2614.72, 1)).toBe("2\u00a0614,7");
  language.value = "kk";
  expect(number(2614.72, 1)).toBe("2\u00a0614,7");
});
