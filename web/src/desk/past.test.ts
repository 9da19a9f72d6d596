import { expect, test } from "vitest";
import type { History, PastEvent } from "../api/types";
import { isEmpty, stepsWith } from "./past";

const nothing: History = { radius_m: 500, days: 365, total: 0, incidents: [], events: [], by_category: [] };
const event: PastEvent = {
  id: 1,
  kind: "smoke",
  at: "",
  state: "rejected",
  place: { lon: 77, lat: 43 },
  distance_m: 9,
};

test("nothing happened only where there was neither an incident nor an event", () => {
  expect(isEmpty(nothing)).toBe(true);
  expect(isEmpty({ ...nothing, events: [event] })).toBe(false);
  expect(isEmpty({ ...nothing, total: 3 })).toBe(false);
});

test("a slider stands where the server's own reach is, whichever steps it has", () => {
  expect(stepsWith([50, 500], 150)).toEqual([50, 150, 500]);
  expect(stepsWith([50, 500], 500)).toEqual([50, 500]);
});
