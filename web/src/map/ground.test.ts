import { expect, test } from "vitest";
import { circle, metresBetween, ring } from "./ground";

const almaty = { lon: 76.95, lat: 43.25 };
const metres = ([lon, lat]: [number, number]) => [
  (lon - almaty.lon) * 111_195 * Math.cos((almaty.lat * Math.PI) / 180),
  (lat - almaty.lat) * 111_195,
];

test("the major axis points along its bearing, clockwise from north", () => {
  const [first] = ring(almaty, { major_m: 100, minor_m: 20, bearing_deg: 90 });
  if (!first) throw new Error("the ring is empty");
  const [east, north] = metres(first);
  expect(east).toBeCloseTo(100, 6);
  expect(north).toBeCloseTo(0, 6);
});

test("a circle is closed and as wide as it says", () => {
  const points = circle(almaty, 500);
  expect(points[0]?.[0]).toBeCloseTo(points.at(-1)?.[0] ?? 0, 12);
  for (const point of points) expect(Math.hypot(...metres(point))).toBeCloseTo(500, 6);
});

test("a hundredth of a degree eastwards is shorter than one northwards", () => {
  expect(metresBetween(almaty, { lon: 76.95, lat: 43.26 })).toBeCloseTo(1112, 0);
  expect(metresBetween(almaty, { lon: 76.96, lat: 43.25 })).toBeCloseTo(810, 0);
});
