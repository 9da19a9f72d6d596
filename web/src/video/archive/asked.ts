/** What another window asked the page of recordings to show: a camera and a moment; taken once. */
import { signal } from "@preact/signals";
import { addressOf } from "../../access/way";
import type { Span } from "./span";

export type Asked = { cameras: number[]; span: Span };
const AROUND_MS = 60_000;

export const asked = signal<Asked | null>(null);

/** Open the page on a camera around a moment. */
export function showRecording(camera: number, at_ms: number, now_ms: number): void {
  const span = { from_ms: at_ms - AROUND_MS, to_ms: Math.min(now_ms, at_ms + AROUND_MS) };
  asked.value = { cameras: [camera], span };
  location.hash = addressOf("archive");
}
