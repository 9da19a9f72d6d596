import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import type { NearCamera } from "../api/cameras";
import type { Client } from "../api/client";
import type { Place } from "../api/types";
import type { Desk } from "./desk";
import { createSighting } from "./sighting";

const HERE = { lon: 76.9, lat: 43.2 };
const camera = { id: 1, sight: "sees" } as NearCamera;

function build(seeing: (place: Place) => Promise<{ cameras: NearCamera[] }>, may = true) {
  const pointing = signal<((place: Place) => void) | null>(null);
  const session = signal<object | null>({ account: { id: 1 }, entered: { id: 7 } });
  const desk = { may: () => may, complain: vi.fn(), pointing, session };
  return { desk, sighting: createSighting({ seeing } as unknown as Client, desk as unknown as Desk) };
}

test("the next click on the map is the place that is asked about", async () => {
  const { desk, sighting } = build(async () => ({ cameras: [camera] }));
  sighting.point();
  desk.pointing.value?.(HERE);
  await vi.waitFor(() => expect(sighting.found.value).toEqual([camera]));
  expect(sighting.place.value).toBe(HERE);
  expect(desk.pointing.value).toBe(null);
});

test("a late answer to an older question is thrown away, and so is one after the end", async () => {
  const answers: ((told: { cameras: NearCamera[] }) => void)[] = [];
  const { sighting } = build(() => new Promise((told) => answers.push(told)));
  const first = sighting.ask(HERE);
  const second = sighting.ask({ ...HERE });
  answers[0]?.({ cameras: [camera] });
  await first;
  expect(sighting.found.value).toBe(null);
  sighting.close();
  answers[1]?.({ cameras: [camera] });
  await second;
  expect(sighting.found.value).toBe(null);
});

test("what goes wrong is told and closes the list; who may not ask asks nothing", async () => {
  const { desk, sighting } = build(async () => Promise.reject(new Error("away")));
  await sighting.ask(HERE);
  expect(desk.complain).toHaveBeenCalledOnce();
  expect(sighting.place.value).toBe(null);
  const other = build(async () => ({ cameras: [] }), false);
  await other.sighting.ask(HERE);
  expect(other.sighting.place.value).toBe(null);
});

test("what one account saw in one area is gone for the next, and so is the camera that it turned", async () => {
  for (const next of [null, { account: { id: 2 }, entered: { id: 7 } }, { account: { id: 1 }, entered: { id: 8 } }]) {
    const { desk, sighting } = build(async () => ({ cameras: [camera] }));
    await sighting.ask(HERE);
    sighting.turn(1, HERE);
    desk.session.value = { account: { id: 1 }, entered: { id: 7 } }; // read anew, the same
    expect([sighting.found.value?.length, sighting.turned_id.value]).toEqual([1, 1]);
    desk.session.value = next;
    expect([sighting.place.value, sighting.found.value, sighting.turned_id.value]).toEqual([null, null, null]);
  }
});
