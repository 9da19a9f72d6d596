import { expect, test } from "vitest";
import type { RosterUnit } from "../../api/roster";
import { barOf, daysOf, inOrder, marksOf, servicesOf } from "./roster";

const iso = (ms: number) => new Date(ms).toISOString();
const NOW = Date.parse("2026-05-07T20:30:00Z"); // Friday 8 May, half past one at night, on the wall

test("a day and a week begin at midnight on the wall, the week on Monday", () => {
  expect(iso(daysOf("day", NOW, 0).since_ms)).toBe("2026-05-07T19:00:00.000Z");
  expect(iso(daysOf("day", NOW, -1).since_ms)).toBe("2026-05-06T19:00:00.000Z");
  const week = daysOf("week", NOW, 1);
  expect([iso(week.since_ms), iso(week.until_ms)]).toEqual(["2026-05-10T19:00:00.000Z", "2026-05-17T19:00:00.000Z"]);
  expect(marksOf("week", week)).toHaveLength(7);
  expect(marksOf("day", daysOf("day", NOW, 0))[1]).toBe(daysOf("day", NOW, 0).since_ms + 3 * 3_600_000);
});

test("a shift lies where its hours lie, and is cut off at the ends", () => {
  const day = daysOf("day", NOW, 0);
  expect(barOf(day, "2026-05-08T01:00:00Z", "2026-05-08T13:00:00Z")).toEqual({ from: 0.25, size: 0.5 });
  expect(barOf(day, "2026-05-07T07:00:00Z", "2026-05-08T01:00:00Z")).toEqual({ from: 0, size: 0.25 });
  expect(barOf(day, "2026-05-08T13:00:00Z", "2026-05-09T13:00:00Z")).toEqual({ from: 0.75, size: 0.25 });
});

const unit = (call_sign: string, service: string, shifts: number) =>
  ({ call_sign, service, shifts: Array(shifts).fill({}) }) as unknown as RosterUnit;

test("the service that is chosen stays on the list while another day is read", () => {
  expect(servicesOf([unit("1", "police", 0), unit("2", "fire", 1), unit("3", "fire", 0)], "")).toEqual([
    "fire",
    "police",
  ]);
  expect(servicesOf([], "fire")).toEqual(["fire"]);
});

test("whoever has a shift comes before who has none, of each service", () => {
  const all = [
    unit("102-10", "police", 1),
    unit("102-2", "police", 1),
    unit("102-1", "police", 0),
    unit("1", "fire", 0),
  ];
  expect(inOrder(all, "").map((one) => one.call_sign)).toEqual(["1", "102-2", "102-10", "102-1"]);
  expect(inOrder(all, "fire")).toHaveLength(1);
});
