import { beforeEach, expect, test, vi } from "vitest";
import type { Client } from "../api/client";
import type { MapDocument, Unit } from "../api/types";
import { createDesk } from "./desk";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", globalThis);
});

const unit = (id: number) => ({ id, call_sign: `102-${id}`, place: null }) as unknown as Unit;

function build(listed: number[]) {
  const client = { units: vi.fn(async () => ({ units: listed.map(unit) })) };
  return { client, desk: createDesk(client as unknown as Client) };
}

test("a unit that left the area leaves the list and the selection at once", () => {
  const { desk } = build([2]);
  desk.units.value = new Map([1, 2].map((id) => [id, unit(id)]));
  desk.select({ kind: "unit", id: 1 }, false);
  desk.changed("units", 1, null);
  expect([...desk.units.value.keys()]).toEqual([2]);
  expect(desk.selected.value).toBeNull();
});

test("a unit that came into the area is looked up, those on the list are not", async () => {
  const { client, desk } = build([1, 2]);
  desk.units.value = new Map([[1, unit(1)]]);
  desk.met(Uint32Array.of(1));
  expect(client.units).not.toHaveBeenCalled();
  desk.met(Uint32Array.of(1, 2));
  await vi.advanceTimersByTimeAsync(0);
  expect([...desk.units.value.keys()]).toEqual([1, 2]);
});

test("new plans are taken over while the map stays the one that was built", async () => {
  const layers = [{ name: "roads" }];
  const client = { map: vi.fn(async () => ({ plans: 4, categories: { flood: {} }, layers: [{ name: "roads" }] })) };
  const desk = createDesk(client as unknown as Client);
  desk.document.value = { plans: 3, categories: {}, layers } as unknown as MapDocument;
  desk.refreshPlans();
  await vi.advanceTimersByTimeAsync(400);
  expect(Object.keys(desk.document.value?.categories ?? {})).toEqual(["flood"]);
  expect(desk.document.value?.layers).toBe(layers);
});

test("the camera that somebody chose is none of the next account's", () => {
  const { desk } = build([]);
  desk.camera_id.value = 7;
  desk.clear();
  expect(desk.camera_id.value).toBeNull();
});
