import { expect, test } from "vitest";
import { readCorners, writeCorners } from "./corners";

test.each([
  "43.25, 76.95\n43.26, 76.95\n\n43.26, 76.96",
  "43,25; 76,95\n43,26; 76,95\n43,26; 76,96",
  "43.25 76.95\n43.26 76.95\n43.26,76.96",
])("corners are read as people write them: %j", (text) => {
  expect(readCorners(text)).toEqual({
    corners: [
      [76.95, 43.25],
      [76.95, 43.26],
      [76.96, 43.26],
    ],
    wrong: null,
  });
});

test.each([
  ["43.25, 76.95\nabout here", 2, "not_two"],
  ["43.25", 1, "not_two"],
  ["76.95, 43.25", 1, "swapped"],
  ["430.25, 76.95", 1, "nowhere"],
  ["43.25, 76.95, 700", 1, "not_two"],
])("a line that is no place is named: %j", (text, line, why) => {
  expect(readCorners(text).wrong).toEqual({ line, why });
});

test("what is written is read again as it was", () => {
  const corners: [number, number][] = [
    [76.951234, 43.25],
    [-76.9, -43.2],
  ];
  expect(readCorners(writeCorners(corners)).corners).toEqual(corners);
});
