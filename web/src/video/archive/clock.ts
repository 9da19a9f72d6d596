/** The one clock that all pictures of the page follow: a moment, a speed, and whether it runs. */
import { signal } from "@preact/signals";
import type { Span } from "./span";

export const SPEEDS = [0.5, 1, 2, 4, 8] as const;
export type Speed = (typeof SPEEDS)[number];
export type Clock = ReturnType<typeof createClock>;

/** Build it; `now_ms` counts and never goes back. */
export function createClock(now_ms: () => number) {
  const span = signal<Span>({ from_ms: 0, to_ms: 1 });
  const at_ms = signal(0);
  const speed = signal<Speed>(1);
  const playing = signal(false);
  /** A picture is not there yet: time waits for it. */
  const waiting = signal(false);
  /** Counts jumps, so that whoever plays knows one from going on. */
  const jumps = signal(0);
  let last = now_ms();

  function within(moment: number): number {
    return Math.min(span.peek().to_ms, Math.max(span.peek().from_ms, moment));
  }

  return {
    span,
    at_ms,
    speed,
    playing,
    waiting,
    jumps,
    open(wanted: Span): void {
      span.value = wanted;
      at_ms.value = wanted.from_ms;
      playing.value = false;
      jumps.value++;
    },
    seek(moment: number): void {
      at_ms.value = within(moment);
      jumps.value++;
    },
    toggle(): void {
      playing.value = !playing.peek();
      last = now_ms();
    },
    faster(by: 1 | -1): void {
      const next = SPEEDS[SPEEDS.indexOf(speed.peek()) + by];
      if (next) speed.value = next;
    },
    /** Let the time that passed go by; at the end of the interval it stops. */
    tick(): void {
      const now = now_ms();
      const passed = now - last;
      last = now;
      if (!playing.peek() || waiting.peek()) return;
      at_ms.value = within(at_ms.peek() + passed * speed.peek());
      if (at_ms.peek() >= span.peek().to_ms) playing.value = false;
    },
  };
}
