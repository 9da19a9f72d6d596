/** Plays a past interval: its moment, its speed, and the frames that come before they are needed. */
import { computed, signal } from "@preact/signals";
import { Refused } from "../api/ask";
import type { Client } from "../api/client";
import { say, titleOf } from "../words/words";
import { type Scene, stage } from "./scene";
import { decode, type Frame } from "./tracks";

export const SPEEDS = [1, 2, 5, 10, 30, 60] as const;
const SHORTEST_S = 60;
const LONGEST_S = 1200;
const KEPT = 8; // frames
const AHEAD = 0.5; // of a frame that is played: then the next one is asked for
const STEP_MS = 1000; // how often everything but the positions is looked at

export type Wanted = { from_ms: number; to_ms: number };
export type Player = ReturnType<typeof createPlayer>;
type Asked = Pick<Client, "past" | "tracks">;

/** How long a frame is at a speed: about twenty seconds of watching, whole minutes. */
export function frameSeconds(speed: number): number {
  return Math.min(LONGEST_S, Math.max(SHORTEST_S, Math.ceil((speed * 20) / 60) * 60));
}

/** Build a player on the server's questions. */
export function createPlayer(client: Asked) {
  const span = signal<Wanted | null>(null);
  const at_ms = signal(0);
  const speed = signal<(typeof SPEEDS)[number]>(10);
  const playing = signal(false);
  const loading = signal(false); // the interval, or the frame that is shown
  const wrong = signal("");
  const cut = signal<readonly string[]>([]);
  const scenes = signal<((at_ms: number) => Scene) | null>(null);
  const arrived = signal(0); // counts frames, so that who draws looks again
  const frames: Frame[] = [];
  const lengths = new Map<Frame, number>();
  const asking = new Set<number>();
  let opening = 0;

  const beat = computed(() => Math.floor(at_ms.value / STEP_MS) * STEP_MS);
  const scene = computed(() => scenes.value?.(beat.value) ?? null);

  async function attempt<T>(ask: () => Promise<T>): Promise<T | null> {
    try {
      return await ask();
    } catch (problem) {
      playing.value = false;
      wrong.value = problem instanceof Refused && problem.title ? titleOf(problem.title) : say("replay.failed");
      return null;
    }
  }

  /** Open an interval; what was shown before is forgotten. */
  async function open(wanted: Wanted, at = wanted.from_ms): Promise<void> {
    const turn = ++opening;
    playing.value = false;
    wrong.value = "";
    loading.value = true;
    span.value = scenes.value = null;
    frames.length = 0;
    asking.clear();
    const past = await attempt(() => client.past(wanted.from_ms, wanted.to_ms));
    if (turn !== opening) return;
    loading.value = false;
    if (!past) return;
    const [from_ms, to_ms] = [Date.parse(past.from), Date.parse(past.to)];
    cut.value = past.cut;
    scenes.value = stage(past);
    span.value = { from_ms, to_ms };
    seek(at);
  }

  /** The frame of a moment, where it has come. */
  function frameAt(moment: number): Frame | null {
    return frames.find((one) => one.from_ms <= moment && moment < one.from_ms + (lengths.get(one) ?? 0)) ?? null;
  }

  async function fetchFrame(from_ms: number): Promise<void> {
    const shown = span.peek();
    if (!shown || from_ms >= shown.to_ms || asking.has(from_ms)) return;
    const turn = opening;
    asking.add(from_ms);
    const seconds = frameSeconds(speed.peek());
    const buffer = await attempt(() => client.tracks(from_ms, seconds));
    asking.delete(from_ms);
    if (!buffer || turn !== opening) return;
    const frame = decode(buffer);
    lengths.set(frame, seconds * 1000);
    frames.unshift(frame);
    for (const old of frames.splice(KEPT)) lengths.delete(old);
    arrived.value++;
  }

  /** Ask for what is or will soon be needed; whether the frame of now is there. */
  function ready(): boolean {
    const [shown, now] = [span.peek(), at_ms.peek()];
    if (!shown) return false;
    const frame = frameAt(now);
    if (!frame) {
      // one at a time: a slider that is dragged passes hundreds of moments nobody looks at
      if (!wrong.peek() && asking.size === 0) void fetchFrame(Math.floor(now / 1000) * 1000);
      return false;
    }
    const end = frame.from_ms + (lengths.get(frame) ?? 0);
    const far = now > frame.from_ms + (end - frame.from_ms) * AHEAD;
    if (playing.peek() && far && !frameAt(end)) void fetchFrame(end);
    return true;
  }

  function seek(moment: number): void {
    const shown = span.peek();
    if (!shown) return;
    wrong.value = "";
    at_ms.value = Math.min(Math.max(moment, shown.from_ms), shown.to_ms - 1);
    loading.value = !ready();
  }

  /** Let so many ms of watching pass; waits, and says so, while a frame is on its way. */
  function tick(passed_ms: number): void {
    const shown = span.peek();
    if (!shown) return;
    const there = ready();
    loading.value = !there && !wrong.peek();
    if (!playing.peek() || !there) return;
    const next = at_ms.peek() + passed_ms * speed.peek();
    at_ms.value = Math.min(next, shown.to_ms - 1);
    if (next >= shown.to_ms) playing.value = false;
  }

  /** Play, or stand still; at the end it begins anew. */
  function toggle(): void {
    const shown = span.peek();
    if (!shown) return;
    if (!playing.peek() && at_ms.peek() >= shown.to_ms - 1) seek(shown.from_ms);
    wrong.value = "";
    playing.value = !playing.peek();
  }

  /** One speed up or down. */
  function faster(by: 1 | -1): void {
    const n = SPEEDS.indexOf(speed.peek()) + by;
    speed.value = SPEEDS[Math.min(Math.max(n, 0), SPEEDS.length - 1)] ?? 1;
  }

  return {
    span,
    at_ms,
    speed,
    playing,
    loading,
    wrong,
    cut,
    scene,
    arrived,
    open,
    seek,
    tick,
    toggle,
    faster,
    frameAt,
  };
}
