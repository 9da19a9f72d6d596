/** What is to be replayed: an incident's own time, or an interval that somebody chose. */
import { signal } from "@preact/signals";
import { addressOf } from "../access/way";
import type { Place } from "../api/types";
import type { Wanted } from "./player";

const BEFORE_MS = 10 * 60_000;
const AFTER_MS = 10 * 60_000;
const FIELD = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const HOUR_MS = 3_600_000;
const ZONE_MS = 5 * HOUR_MS; // UTC+5, the one zone of the country since 2024-03

type Asked = Wanted & { place?: Place };

/** What a card asked the window to show; taken once. */
export const asked = signal<Asked | null>(null);

/** An incident's time with ten minutes around it; of one that is open, up to now. */
export function spanOf(incident: { opened_at: string; closed_at: string | null }, now_ms: number): Wanted {
  const [from, to] = [Date.parse(incident.opened_at), incident.closed_at ? Date.parse(incident.closed_at) : now_ms];
  return { from_ms: from - BEFORE_MS, to_ms: Math.min(Math.max(to, from) + AFTER_MS, now_ms) };
}

/** The hour before now. */
export function lastHour(now_ms: number): Wanted {
  return { from_ms: now_ms - HOUR_MS, to_ms: now_ms };
}

/** Open the window on an incident's time. */
export function replay(incident: { opened_at: string; closed_at: string | null; place: Place }, now_ms: number): void {
  asked.value = { ...spanOf(incident, now_ms), place: incident.place };
  location.hash = addressOf("replay");
}

/** A moment as a field of day and time holds it, by the country's clock. */
export function typed(at_ms: number): string {
  return new Date(at_ms + ZONE_MS).toISOString().slice(0, 16);
}

/** The interval that two fields hold; what nobody changed is the very moment it was given as, its seconds too. */
export function interval(fields: Record<string, string>, given: Wanted): Wanted | null {
  const [from_ms, to_ms] = (["from", "to"] as const).map((name) => {
    const [text, was] = [fields[name] ?? "", given[`${name}_ms`]];
    return text === typed(was) ? was : moment(text);
  });
  return typeof from_ms === "number" && typeof to_ms === "number" ? { from_ms, to_ms } : null;
}

/** The moment that a field of day and time holds; null where it holds none. */
export function moment(text: string): number | null {
  const at = FIELD.test(text) ? Date.parse(`${text.slice(0, 16)}:00Z`) : Number.NaN; // browsers parse nearly anything
  return Number.isNaN(at) ? null : at - ZONE_MS;
}
