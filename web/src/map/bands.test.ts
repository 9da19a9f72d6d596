import { expect, test } from "vitest";
import type { MinutesBand } from "../api/cover";
import { bandColour, legendOf } from "./bands";

const band = (from_min: number, to_min: number) =>
  ({ type: "Feature", properties: { from_min, to_min }, geometry: {} }) as unknown as MinutesBand;

test("what is reached in time and what is not are never of one colour", () => {
  expect(bandColour(10, 600)).not.toEqual(bandColour(11, 600));
  expect(bandColour(5, 600)).not.toEqual(bandColour(10, 600));
  expect(bandColour(60, 600)).toEqual(bandColour(500, 600));
});

test("the legend tells each band once, the shortest first", () => {
  expect(legendOf([band(5, 10), band(0, 5), band(5, 10)]).map((one) => one.to_min)).toEqual([5, 10]);
});
