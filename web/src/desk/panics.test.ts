import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import { Refused } from "../api/ask";
import type { Client } from "../api/client";
import type { Panic } from "../api/panics";
import type { Desk } from "./desk";
import { arrived, createPanics, inOrder } from "./panics";

const panic = (id: number, raised_at: string, over: Partial<Panic> = {}) =>
  ({ id, raised_at, acknowledged_at: null, ended_at: null, heard_before: [], ...over }) as Panic;

test("who waits longest for somebody to see it stands first, what is over is gone", () => {
  const shown = inOrder([
    panic(1, "2026-11-22T08:00:00Z", { acknowledged_at: "2026-11-22T08:01:00Z" }),
    panic(2, "2026-11-22T08:03:00Z"),
    panic(3, "2026-11-22T08:02:00Z"),
    panic(4, "2026-11-22T07:00:00Z", { ended_at: "2026-11-22T07:30:00Z" }),
  ]);
  expect(shown.map((one) => one.id)).toEqual([3, 2, 1]);
});

test("a panic arrives once, and anew when it is pressed after somebody had heard it", () => {
  const known = new Set<string>();
  const told = (...panics: Panic[]) => arrived(panics, known).map((one) => one.id);
  const [at, by] = ["2026-11-22T08:01:00Z", "desk"];
  const loud = panic(1, "2026-11-22T08:00:00Z");
  expect(told(loud)).toEqual([1]);
  expect(told(loud, panic(2, at))).toEqual([2]);
  const heard = { ...loud, acknowledged_at: at, acknowledged_by: by };
  expect(told(heard)).toEqual([]);
  expect(told({ ...loud, heard_before: [{ at, by }] })).toEqual([1]);
  expect(told({ ...loud, heard_before: [{ at, by }] })).toEqual([]);
});

test("who acknowledges says which press was on the screen, and is shown the newest where there is a later one", async () => {
  const told: unknown[] = [];
  const at = "2026-11-22T08:01:00Z";
  const newest = panic(1, "2026-11-22T08:00:00Z", { heard_before: [{ at, by: "desk" }], repeated_at: at });
  const client = {
    acknowledgePanic: async (id: number, heard_before: number) => {
      told.push([id, heard_before]);
      throw new Refused(409, "pressed_again", null);
    },
    panics: async () => ({ panics: [{ ...newest, place: { lon: 76, lat: 43 } }] }),
  } as unknown as Client;
  const wrong: unknown[] = [];
  const desk = {
    session: signal(null),
    rows: signal({}),
    may: () => true,
    act: (action: () => Promise<unknown>) => action().catch((error: Refused) => void wrong.push(error.code)),
    flyTo: () => undefined,
  } as unknown as Desk;
  const panics = createPanics(client, desk, () => false);
  await panics.acknowledge(panic(1, "2026-11-22T08:00:00Z"));
  expect([told, wrong]).toEqual([[[1, 0]], ["pressed_again"]]);
  await vi.waitFor(() => expect(panics.list.value).toMatchObject([{ id: 1, heard_before: [{ by: "desk" }] }]));
});
