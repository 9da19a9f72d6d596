import { expect, test } from "vitest";
import { Refused } from "../api/ask";
import type { Past } from "../api/replay";
import { createPlayer, partSeconds } from "./player";

const START = Date.UTC(2026, 10, 1, 12);
const HOUR = 3_600_000;
const empty = {
  cut: [],
  units: { id: [], call_sign: [], service: [], kind: [] },
  unit_states: { unit: [], since: [], status: [] },
  events: { id: [], kind: [], at: [], received_at: [], decided_at: [], state: [], incident_id: [], lon: [], lat: [] },
  calls: { id: [], line: [], incident_id: [] },
  call_states: { call: [], since: [], state: [], placed_by: [], lon: [], lat: [], radius_m: [] },
  incidents: { id: [], number: [], address: [], opened_at: [], closed_at: [] },
  incident_states: { incident: [], since: [], state: [], category: [], priority: [], alarm: [], lon: [], lat: [] },
  dispatches: { id: [], incident_id: [], unit_id: [] },
  dispatch_states: { dispatch: [], at: [], status: [] },
  moves: { what: [], id: [], incident_id: [], until: [] },
};

function frame(from_ms: number): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(24));
  view.setUint32(0, 0x31505951, true);
  view.setUint16(4, 1, true);
  view.setFloat64(16, from_ms / 1000, true);
  return view.buffer;
}

/** A player of an hour whose parts come at once, and what it asked for: from which second on, for how many. */
async function played() {
  const asked: [string, number, number][] = [];
  const stamp = (at_ms: number) => new Date(at_ms).toISOString();
  const player = createPlayer({
    past: async (from_ms, to_ms, seconds) => {
      asked.push(["past", (from_ms - START) / 1000, seconds]);
      const until_ms = Math.min(from_ms + seconds * 1000, to_ms);
      return { ...empty, from: stamp(from_ms), to: stamp(to_ms), until: stamp(until_ms) } as Past;
    },
    tracks: async (at_ms, seconds) => {
      asked.push(["tracks", (at_ms - START) / 1000, seconds]);
      return frame(at_ms);
    },
  });
  await player.open({ from_ms: START, to_ms: START + HOUR });
  await settled();
  return { player, asked };
}
const settled = () => new Promise((done) => setTimeout(done));
const shown = (player: { at_ms: { value: number } }) => (player.at_ms.value - START) / 1000;

test("time passes at the speed that was chosen, and not while it stands", async () => {
  const { player } = await played();
  player.tick(1000);
  expect(shown(player)).toBe(0);
  player.toggle();
  player.speed.value = 60;
  player.tick(500);
  expect(shown(player)).toBe(30);
  player.faster(-1);
  player.tick(1000);
  expect(shown(player)).toBe(60);
});

test("it opens with the first minute alone, however long the interval, and both sides of it at once", async () => {
  const asked: string[] = [];
  const never = (name: string) => () => {
    asked.push(name);
    return new Promise<never>(() => undefined);
  };
  const player = createPlayer({ past: never("past"), tracks: never("tracks") });
  void player.open({ from_ms: START, to_ms: START + 24 * HOUR });
  expect([asked, player.loading.value]).toEqual([["past", "tracks"], true]);
  const whole = await played();
  expect(whole.asked.slice(0, 2)).toEqual([
    ["past", 0, 60],
    ["tracks", 0, 60],
  ]);
  expect(whole.player.span.value).toEqual({ from_ms: START, to_ms: START + HOUR });
});

test("the next part is asked for before the one that plays is over, once", async () => {
  const { player, asked } = await played();
  player.toggle();
  for (let n = 0; n < 25; n++) {
    player.tick(1_000);
    await settled();
  }
  expect(asked.filter(([side]) => side === "past").map(([, from, seconds]) => [from, seconds])).toEqual([
    [0, 60],
    [60, 240],
    [300, 240],
  ]);
  expect(asked.filter(([side]) => side === "tracks")).toHaveLength(3);
});

test("while it stands far from the end of a part nothing is asked for", async () => {
  const { player, asked } = await played();
  player.seek(START + 70_000);
  await settled();
  player.tick(0);
  player.tick(0);
  expect(asked.filter(([side]) => side === "past")).toHaveLength(2);
});

test("it waits for a part that has not come, says so, and shows nothing of another", async () => {
  const { player } = await played();
  player.toggle();
  player.seek(START + 1_800_000);
  expect([player.loading.value, player.scene.value]).toEqual([true, null]);
  player.tick(1000);
  expect(shown(player)).toBe(1800);
  await settled();
  player.tick(1000);
  expect([player.loading.value, player.scene.value === null]).toEqual([false, false]);
  expect(shown(player)).toBe(1810);
});

test("it stops at the end, and begins anew from there", async () => {
  const { player } = await played();
  player.seek(START + HOUR - 5_000);
  await settled();
  player.toggle();
  player.tick(10_000);
  expect(player.playing.value).toBe(false);
  expect(player.at_ms.value).toBe(START + HOUR - 1);
  player.toggle();
  expect(shown(player)).toBe(0);
});

test("a refusal is told, and stops the play", async () => {
  const title = { kk: "жоқ", ru: "нет", en: "no" };
  const refuse = () => Promise.reject(new Refused(400, "wrong_interval", title));
  const player = createPlayer({ past: refuse, tracks: refuse });
  await player.open({ from_ms: START, to_ms: START + HOUR });
  expect([player.wrong.value !== "", player.loading.value, player.span.value]).toEqual([true, false, null]);
});

test("a part is about twenty seconds of watching, whole minutes", () => {
  expect([1, 2, 5, 10, 30, 60].map(partSeconds)).toEqual([60, 60, 120, 240, 600, 1200]);
});
