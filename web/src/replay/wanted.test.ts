import { expect, test } from "vitest";
import { interval, lastHour, typed } from "./wanted";

const NOW = Date.parse("2026-03-01T10:20:47.500Z");
const given = lastHour(NOW);

test("what nobody changed is the very moment it was given as, its seconds too", () => {
  expect(interval({ from: typed(given.from_ms), to: typed(given.to_ms) }, given)).toEqual(given);
});

test("what somebody typed counts, by the clock of the country", () => {
  const told = interval({ from: "2026-03-01T14:00", to: typed(given.to_ms) }, given);
  expect(told).toEqual({ from_ms: Date.parse("2026-03-01T09:00:00Z"), to_ms: NOW });
});

test("a field that holds no moment is no interval", () => {
  expect(interval({ from: "", to: typed(given.to_ms) }, given)).toBeNull();
  expect(interval({}, given)).toBeNull();
});
