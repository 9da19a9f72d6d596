import { expect, test } from "vitest";
import { left_s, phase, share } from "./shift";

const shift = { started_at: "2026-11-21T02:00:00Z", ends_at: "2026-11-21T14:00:00Z" };
const at = (time: string) => Date.parse(`2026-11-21T${time}Z`);

test("what is left of a shift is never less than nothing", () => {
  expect(left_s(shift, at("13:00:00"))).toBe(3600);
  expect(left_s(shift, at("15:00:00"))).toBe(0);
});

test("the last quarter of an hour is told apart, and the end", () => {
  expect(["13:44:59", "13:45:00", "13:59:59", "14:00:00"].map((time) => phase(shift, at(time)))).toEqual([
    "running",
    "ending",
    "ending",
    "over",
  ]);
});

test("how much is behind runs from nothing to all, whatever the clock says", () => {
  expect(["01:00:00", "08:00:00", "20:00:00"].map((time) => share(shift, at(time)))).toEqual([0, 0.5, 1]);
});
