import { expect, test } from "vitest";
import { middleOf, pointsOf, shapeOf } from "./closing";

const POINTS = [
  { lon: 76.9, lat: 43.2 },
  { lon: 76.92, lat: 43.2 },
  { lon: 76.92, lat: 43.24 },
];

test("a polygon is closed as GeoJSON wants it, and read back as it was drawn", () => {
  const shape = shapeOf("polygon", POINTS);
  expect(shape.coordinates[0]).toHaveLength(4);
  expect(pointsOf(shape)).toEqual(POINTS);
  expect(pointsOf(shapeOf("line", POINTS))).toEqual(POINTS);
});

test("the map is taken to the middle of a shape", () => {
  const { lon, lat } = middleOf(shapeOf("line", POINTS));
  expect(lon).toBeCloseTo(76.91);
  expect(lat).toBeCloseTo(43.22);
});
