import { expect, test } from "vitest";
import { Fleet } from "./fleet";
import type { PositionFrame } from "./frames";

function frame(places: Record<number, [number, number]>, snapshot = false): PositionFrame {
  const ids = Object.keys(places).map(Number);
  const count = ids.length;
  return {
    snapshot,
    sent_at_s: 0,
    unit_ids: Uint32Array.from(ids),
    lon: Float64Array.from(ids, (id) => places[id]?.[0] ?? 0),
    lat: Float64Array.from(ids, (id) => places[id]?.[1] ?? 0),
    at_s: new Uint32Array(count).fill(100),
    speed_kmh: new Float32Array(count),
    heading_deg: new Float32Array(count),
  };
}

test("a unit glides from its last place to the newest one within a second", () => {
  const fleet = new Fleet();
  fleet.take(frame({ 5: [76.9, 43.2] }), 0);
  fleet.take(frame({ 5: [76.902, 43.2] }), 2000);
  fleet.glide(2500);
  expect(fleet.drawn(5)?.[0]).toBeCloseTo(76.901, 9);
  fleet.glide(3000);
  expect(fleet.drawn(5)?.[0]).toBeCloseTo(76.902, 9);
  expect(fleet.glide(3040)).toBe(false);
});

test("a fix that comes while a unit glides starts from where it is drawn", () => {
  const fleet = new Fleet();
  fleet.take(frame({ 5: [76.9, 43.2] }), 0);
  fleet.take(frame({ 5: [76.902, 43.2] }), 2000);
  fleet.take(frame({ 5: [76.903, 43.2] }), 2500);
  expect(fleet.drawn(5)?.[0]).toBeCloseTo(76.901, 9);
});

test("a unit that turns up far away is put there and does not fly over the city", () => {
  const fleet = new Fleet();
  fleet.take(frame({ 5: [76.9, 43.2] }), 0);
  fleet.take(frame({ 5: [77.3, 43.4] }), 2000);
  expect(fleet.drawn(5)).toEqual([77.3, 43.4]);
});

test("a snapshot drops who is not in it and keeps the others gliding", () => {
  const fleet = new Fleet();
  fleet.take(frame({ 5: [76.9, 43.2], 6: [76.91, 43.2] }), 0);
  fleet.take(frame({ 6: [76.912, 43.2] }, true), 2000);
  expect(fleet.count).toBe(1);
  expect(fleet.drawn(5)).toBeNull();
  fleet.glide(2500);
  expect(fleet.drawn(6)?.[0]).toBeCloseTo(76.911, 9);
});

test("a frame of moved units leaves the others where they stand", () => {
  const fleet = new Fleet();
  fleet.take(frame({ 1: [70, 40], 2: [71, 41] }), 0);
  fleet.take(frame({ 2: [71.001, 41] }), 1000);
  fleet.glide(5000);
  expect(fleet.drawn(1)).toEqual([70, 40]);
  expect(fleet.fix(2)).toMatchObject({ lon: 71.001, at_s: 100 });
});

test("a unit that left the area is gone at once and the others stay what they are", () => {
  const fleet = new Fleet();
  fleet.take(frame({ 1: [70, 40], 2: [71, 41], 3: [72, 42] }), 0);
  fleet.drop(1);
  fleet.drop(9);
  fleet.glide(5000);
  expect([fleet.count, fleet.drawn(1), fleet.fix(1)]).toEqual([2, null, null]);
  expect([fleet.drawn(2), fleet.drawn(3)]).toEqual([
    [71, 41],
    [72, 42],
  ]);
  fleet.take(frame({ 3: [72.001, 42], 1: [70, 40] }), 6000);
  fleet.glide(9000);
  expect([fleet.count, fleet.drawn(1), fleet.drawn(3)]).toEqual([3, [70, 40], [72.001, 42]]);
  fleet.drop(1);
  expect([fleet.count, fleet.drawn(1), fleet.drawn(2)]).toEqual([2, null, [71, 41]]);
});

test("thousands of units fit, however many came first", () => {
  const fleet = new Fleet();
  fleet.take(frame({ 1: [70, 40] }), 0);
  fleet.take(frame(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [i + 1, [70 + i / 1e5, 40]]))), 10);
  expect(fleet.count).toBe(5000);
  expect(fleet.fix(5000)?.lon).toBeCloseTo(70.04999, 9);
});
