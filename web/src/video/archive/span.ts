/** Where a moment lies in an interval, and what of a camera was recorded then; pure. */
import type { Gap, Interval, RecordedCamera } from "../../api/recordings";

export type Span = { from_ms: number; to_ms: number };

/** How far along an interval a moment is, in percent from 0 to 100. */
export function percent(span: Span, at_ms: number): number {
  const part = (at_ms - span.from_ms) / Math.max(1, span.to_ms - span.from_ms);
  return Math.round(Math.min(1, Math.max(0, part)) * 100_000) / 1000;
}

/** The moment at a share of an interval, from 0 to 1. */
export function momentAt(span: Span, share: number): number {
  return Math.round(span.from_ms + Math.min(1, Math.max(0, share)) * (span.to_ms - span.from_ms));
}

const holds = (one: Interval, at_ms: number) => Date.parse(one.begins_at) <= at_ms && at_ms < Date.parse(one.ends_at);

/** Whether a moment of a camera was recorded and is there. */
export function isRecorded(camera: Pick<RecordedCamera, "recorded">, at_ms: number): boolean {
  return camera.recorded.some((one) => holds(one, at_ms));
}

/** Why a moment of a camera is not there; null where it is. */
export function gapAt(camera: Pick<RecordedCamera, "gaps">, at_ms: number): Gap | null {
  return camera.gaps.find((one) => holds(one, at_ms)) ?? null;
}

/** Where the next recorded stretch of any of the cameras begins, behind a moment; null where none follows. */
export function nextRecorded(cameras: readonly Pick<RecordedCamera, "recorded">[], at_ms: number): number | null {
  const begins = cameras.flatMap((one) => one.recorded.map((part) => Date.parse(part.begins_at)));
  const later = begins.filter((one) => one > at_ms);
  return later.length > 0 ? Math.min(...later) : null;
}

/** How many ms a player may stray from the clock before it is set anew; at speed it strays further unseen. */
export function strays(speed: number): number {
  return 250 * Math.max(1, speed);
}
