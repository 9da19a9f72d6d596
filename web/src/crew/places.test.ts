import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refused } from "../api/ask";
import { inMemory } from "./kept";
import { createPlaces, fixOf } from "./places";
import type { Fix } from "./values";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-22T08:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

function position(lon: number, over: Partial<GeolocationCoordinates> = {}): GeolocationPosition {
  const none = { altitude: null, altitudeAccuracy: null, heading: null, speed: null };
  const coords = { longitude: lon, latitude: 43.25, accuracy: 8, ...none, ...over } as GeolocationCoordinates;
  return { coords, timestamp: Date.now(), toJSON: () => ({}) };
}

/** The browser's sensor, moved by the test. */
function build() {
  const sent: Fix[][] = [];
  const answers: (Refused | null)[] = [];
  let told: PositionCallback = () => undefined;
  const sensor: Geolocation = {
    watchPosition: (found) => {
      told = found;
      return 1;
    },
    clearWatch: () => undefined,
    getCurrentPosition: (found) => found(position(77)),
  };
  const kept = inMemory();
  const send = async (fixes: Fix[]) => {
    const answer = answers.shift();
    if (answer) throw answer;
    sent.push(fixes);
  };
  const places = createPlaces(kept, { send, account: () => 1 }, sensor);
  places.start();
  return { places, kept, sent, answers, move: (lon: number) => told(position(lon)) };
}

test("a fix tells its speed in km/h and a heading only while the phone moves", () => {
  const { speed_kmh, heading_deg } = fixOf(position(76, { speed: 10, heading: 90 }));
  expect([speed_kmh, heading_deg]).toEqual([36, 90]);
  expect(fixOf(position(76, { speed: 0, heading: Number.NaN }))).not.toHaveProperty("heading_deg");
});

test("one in four seconds is kept, and where the car stopped as well", async () => {
  const { kept, move } = build();
  for (let s = 0; s < 6; s++) {
    move(76 + s / 100);
    await vi.advanceTimersByTimeAsync(1000);
  }
  await vi.advanceTimersByTimeAsync(3000);
  expect((await kept.fixes(1, 10)).map((fix) => fix.lon)).toEqual([76, 76.03, 76.05]);
});

test("they go in batches, and none is lost while nobody answers", async () => {
  const { sent, answers, move, places } = build();
  answers.push(new Refused(0, "no_answer", null), new Refused(503, "store_down", null));
  for (let s = 0; s < 60; s++) {
    move(76 + s / 100);
    await vi.advanceTimersByTimeAsync(1000);
  }
  await vi.advanceTimersByTimeAsync(60_000);
  const lons = sent.flat().map((fix) => fix.lon);
  expect(lons.slice(0, 3)).toEqual([76, 76.03, 76.07]);
  expect(new Set(lons.filter((lon) => lon < 77)).size).toBe(lons.filter((lon) => lon < 77).length);
  expect(sent[0]?.length).toBeGreaterThan(1);
  expect(places.unsent.value).toBeLessThan(5);
});

test("a phone that lies still is asked where it is", async () => {
  const { sent, move } = build();
  move(76);
  await vi.advanceTimersByTimeAsync(40_000);
  expect(sent.flat().filter((fix) => fix.lon === 77).length).toBeGreaterThan(0);
});

test("an old place is not told with a panic", async () => {
  const { places, move } = build();
  move(76);
  expect(places.place()).toEqual({ lon: 76, lat: 43.25 });
  places.stop();
  await vi.advanceTimersByTimeAsync(121_000);
  expect(places.place()).toBeUndefined();
});
