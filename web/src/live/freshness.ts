/** How far what is shown may be trusted: the server ticks each second, so silence is measured against that. */
export type Freshness = "live" | "late" | "offline";

const LATE_S = 3; // two ticks missed
const OFFLINE_S = 10;
const SILENT_S = 60; // as long as one unit may be silent before it is stale

/** Grade the age of the last message; a closed socket is late at once, because nothing can come. */
export function freshness(age_s: number, connected: boolean): Freshness {
  if (age_s >= OFFLINE_S) return "offline";
  return age_s >= LATE_S || !connected ? "late" : "live";
}

/** Whether even the newest position of all units in sight is stale: then it is the feed that is silent, not a crew. */
export function silent(newest: string | null, now_ms: number): boolean {
  return newest !== null && now_ms - new Date(newest).getTime() > SILENT_S * 1000;
}

/** Wait before the next try, in ms: doubling from half a second to fifteen, with up to a quarter taken off by chance. */
export function backoff_ms(attempt: number, chance: number = Math.random()): number {
  return Math.min(15_000, 500 * 2 ** attempt) * (1 - chance / 4);
}
