/** How much of a shift is left; pure. */
import type { Shift } from "../api/access";

/** From here on the windows warn: time enough to finish what is under way and hand over. */
export const WARN_S = 15 * 60;

/** Seconds until the shift ends, never below zero. */
export function left_s(shift: Shift, now_ms: number): number {
  return Math.max(0, (new Date(shift.ends_at).getTime() - now_ms) / 1000);
}

/** How much of the shift is behind, 0 to 1. */
export function share(shift: Shift, now_ms: number): number {
  const [begun, ends] = [shift.started_at, shift.ends_at].map((at) => new Date(at).getTime()) as [number, number];
  return Math.min(1, Math.max(0, (now_ms - begun) / Math.max(1, ends - begun)));
}

/** Fine, in its last quarter of an hour, or over. */
export function phase(shift: Shift, now_ms: number): "running" | "ending" | "over" {
  const left = left_s(shift, now_ms);
  if (left === 0) return "over";
  return left <= WARN_S ? "ending" : "running";
}
