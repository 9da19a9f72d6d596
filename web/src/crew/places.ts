/** Where the phone is: a fix every few seconds, kept, and sent in batches. */
import { signal } from "@preact/signals";
import { Refused } from "../api/ask";
import type { Kept } from "./kept";
import { passes } from "./outbox";
import type { Fix } from "./values";

export type Places = ReturnType<typeof createPlaces>;
/** The latest fix with how good it is. */
export type Here = { fix: Fix; accuracy_m: number; at_ms: number };
export type Grade = "off" | "asking" | "good" | "denied" | "missing";

const EVERY_MS = 4_000;
const BATCH = 200;
const SEND_EVERY_MS = 10_000;
const LONGEST_MS = 60_000;
const PANIC_PLACE_MS = 120_000;
/** A phone that lies still is not called by its sensor; the desk takes a unit for silent after a minute. */
const STILL_MS = 8_000;

const HOW: PositionOptions = { enableHighAccuracy: true, maximumAge: 2_000, timeout: 30_000 };

/** A fix as it travels; a phone that stands still tells no heading. */
export function fixOf({ coords, timestamp }: GeolocationPosition): Fix {
  const { longitude: lon, latitude: lat, speed, heading } = coords;
  const told: Fix = { at: new Date(timestamp).toISOString(), lon, lat };
  if (speed !== null && speed >= 0) told.speed_kmh = Math.round(speed * 36) / 10;
  if (heading !== null && !Number.isNaN(heading)) told.heading_deg = Math.round(heading * 10) / 10;
  return told;
}

type Hands = { send: (fixes: Fix[]) => Promise<unknown>; account: () => number | null };

/** Build it on the store and the browser's geolocation. */
export function createPlaces(kept: Kept, hands: Hands, sensor: Geolocation | undefined, now = Date.now) {
  const here = signal<Here | null>(null);
  const grade = signal<Grade>("off");
  const unsent = signal(0);
  let watching: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due: ReturnType<typeof setTimeout> | undefined;
  let [failures, sending, last_ms] = [0, false, 0];

  async function keep(): Promise<void> {
    clearTimeout(due);
    due = undefined;
    const account_id = hands.account();
    if (account_id === null || !here.value) return;
    last_ms = now();
    await kept.addFix(here.value.fix, account_id);
    unsent.value += 1;
  }

  /** Keep one in a few seconds, and always the last: where a car stopped is where it is. */
  function found(position: GeolocationPosition): void {
    grade.value = "good";
    here.value = { fix: fixOf(position), accuracy_m: position.coords.accuracy, at_ms: now() };
    due ??= setTimeout(() => void keep(), Math.max(0, last_ms + EVERY_MS - now()));
  }

  /** Send one batch; whether another waits behind it. */
  async function batch(account_id: number): Promise<boolean> {
    const fixes = await kept.fixes(account_id, BATCH);
    if (fixes.length === 0) return false;
    try {
      await hands.send(fixes.map(({ n: _, account_id: __, ...fix }) => fix));
    } catch (error) {
      if (!(error instanceof Refused) || passes(error)) throw error; // else it would be refused for ever
    }
    await kept.removeFixes(fixes.map((fix) => fix.n));
    unsent.value = await kept.countFixes();
    return fixes.length === BATCH;
  }

  async function flush(): Promise<void> {
    const account_id = hands.account();
    if (sending || account_id === null) return;
    sending = true;
    try {
      while (await batch(account_id));
      failures = 0;
    } catch {
      failures += 1;
    } finally {
      sending = false;
    }
  }

  function again(): void {
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        if (watching !== null && now() - last_ms > STILL_MS) sensor?.getCurrentPosition(found, failed, HOW);
        void flush().then(again);
      },
      Math.min(LONGEST_MS, SEND_EVERY_MS * 2 ** Math.min(failures, 3)),
    );
  }

  function failed(why: GeolocationPositionError): void {
    grade.value = why.code === why.PERMISSION_DENIED ? "denied" : "missing";
  }

  return {
    here,
    grade,
    unsent,
    flush,
    /** Watch, from now until `stop`; asking again changes nothing. */
    start(): void {
      if (watching !== null) return;
      if (!sensor) {
        grade.value = "missing";
        return;
      }
      if (grade.value === "off") grade.value = "asking";
      watching = sensor.watchPosition(found, failed, HOW);
      again();
    },
    stop(): void {
      if (watching !== null) sensor?.clearWatch(watching);
      watching = null;
      grade.value = "off";
    },
    /** Send what is left, whether or not the phone is watched now; again and again. */
    drain(): void {
      void flush().then(again);
    },
    /** Where the phone was within the last two minutes: what an act is told with. */
    place(): { lon: number; lat: number } | undefined {
      const last = here.value;
      if (!last || now() - last.at_ms > PANIC_PLACE_MS) return undefined;
      return { lon: last.fix.lon, lat: last.fix.lat };
    },
  };
}
