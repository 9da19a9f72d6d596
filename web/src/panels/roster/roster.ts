/** The days of a roster, and where in them each shift lies; pure. */
import type { RosterUnit } from "../../api/roster";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ZONE_MS = 5 * HOUR_MS; // UTC+5, the one zone of the country since 2024-03

export type Length = "day" | "week";
/** Milliseconds since 1970 UTC. */
export type Days = { since_ms: number; until_ms: number };

/** The day that a moment lies in, or the week from its Monday on, by the clock on the wall; so many later. */
export function daysOf(length: Length, now_ms: number, later: number): Days {
  const midnight = Math.floor((now_ms + ZONE_MS) / DAY_MS) * DAY_MS;
  const monday = midnight - ((new Date(midnight).getUTCDay() + 6) % 7) * DAY_MS;
  const long = length === "day" ? DAY_MS : 7 * DAY_MS;
  const since_ms = (length === "day" ? midnight : monday) - ZONE_MS + later * long;
  return { since_ms, until_ms: since_ms + long };
}

/** Where a time lies in the days: from which share of them, over how much; what lies outside is cut off. */
export function barOf(days: Days, begins_at: string, ends_at: string): { from: number; size: number } {
  const long = days.until_ms - days.since_ms;
  const share = (at: string) => Math.min(1, Math.max(0, (Date.parse(at) - days.since_ms) / long));
  return { from: share(begins_at), size: share(ends_at) - share(begins_at) };
}

/** The marks above the bars: every third hour of a day, or each day of a week. */
export function marksOf(length: Length, days: Days): number[] {
  const [step, count] = length === "day" ? [3 * HOUR_MS, 8] : [DAY_MS, 7];
  return Array.from({ length: count }, (_, i) => days.since_ms + i * step);
}

/** The services that have units, and the one that is chosen, also while no unit came yet. */
export function servicesOf(units: readonly RosterUnit[], chosen: string): string[] {
  return [...new Set([chosen, ...units.map((unit) => unit.service)])].filter(Boolean).sort();
}

/** Those of a service, or all; who has a shift first, then by call sign as people count. */
export function inOrder(units: readonly RosterUnit[], service: string): RosterUnit[] {
  const none = (unit: RosterUnit) => Number(unit.shifts.length === 0);
  return units
    .filter((unit) => !service || unit.service === service)
    .sort(
      (one, other) =>
        one.service.localeCompare(other.service) ||
        none(one) - none(other) ||
        one.call_sign.localeCompare(other.call_sign, undefined, { numeric: true }),
    );
}
