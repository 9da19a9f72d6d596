import { expect, test } from "vitest";
import type { Feature, Unit } from "../api/types";
import { Fleet } from "../live/fleet";
import { columnsFor, liveAddress, rowsFor } from "./live_data";

const feature = (id: number, state: string, geometry: Feature["geometry"] = { type: "Point", coordinates: [76, 43] }) =>
  ({ type: "Feature", id, geometry, properties: { state } }) as Feature;

test("an address says the layer and which rows", () => {
  expect(liveAddress("live://units?service=police")).toEqual({ layer: "units", where: [["service", "police"]] });
  expect(liveAddress("https://else/where")).toBeNull();
  expect(liveAddress([1, 2])).toBeNull();
});

test("rows are kept by what they are, or by what they are not", () => {
  const rows = [feature(1, "new"), feature(2, "closed"), feature(3, "cancelled")];
  const kept = (address: string) => rowsFor(rows, liveAddress(address)?.where ?? []).map(({ id }) => id);
  expect(kept("live://incidents?state=new,closed")).toEqual([1, 2]);
  expect(kept("live://incidents?state!=closed,cancelled")).toEqual([1]);
  expect(kept("live://incidents")).toEqual([1, 2, 3]);
});

test("a row that has no such property yet is kept by null", () => {
  const rows = [feature(1, "ended"), feature(2, "ended")];
  rows.forEach((row, i) => {
    row.properties.outcome = i === 0 ? null : "test";
  });
  expect(rowsFor(rows, liveAddress("live://calls?state=ended&outcome=null")?.where ?? []).map(({ id }) => id)).toEqual([
    1,
  ]);
});

test("a row without a place is not drawn", () => {
  expect(rowsFor([feature(1, "new", null)], [])).toEqual([]);
});

test("units are coloured by status and faint when their fix is old", () => {
  const fleet = new Fleet();
  fleet.take(
    {
      snapshot: true,
      sent_at_s: 0,
      unit_ids: Uint32Array.of(1, 2),
      lon: Float64Array.of(76.1, 76.2),
      lat: Float64Array.of(43.1, 43.2),
      at_s: Uint32Array.of(1000, 900),
      speed_kmh: new Float32Array(2),
      heading_deg: Float32Array.of(90, 0),
    },
    0,
  );
  const units = new Map(
    [1, 2].map((id) => [id, { id, service: id === 1 ? "police" : "fire", status: "enroute" } as Unit]),
  );
  const all = columnsFor(fleet, units, [], 1010);
  const colours = all.attributes.getColor?.value;
  expect([...all.unit_ids]).toEqual([1, 2]);
  expect(colours?.[3]).toBe(255);
  expect(colours?.[7]).toBeLessThan(128);
  expect([...(all.attributes.getAngle?.value ?? [])]).toEqual([-90, -0]);
  const police = columnsFor(fleet, units, [["service", "police"]], 1010);
  expect([...(police.attributes.getPosition?.value ?? [])]).toEqual([76.1, 43.1]);
});
