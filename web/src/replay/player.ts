/** Plays a past interval: its moment, its speed, and the parts of it that come before they are needed. */
import { computed, signal } from "@preact/signals";
import { Refused } from "../api/ask";
import type { Client } from "../api/client";
import { say, titleOf } from "../words/words";
import { type Scene, stage } from "./scene";
import { decode, type Frame } from "./tracks";

export const SPEEDS = [1, 2, 5, 10, 30, 60] as const;
const SHORTEST_S = 60; // also what it opens with: a day opens as quickly as a minute
const LONGEST_S = 1200;
const KEPT = 8; // parts
const AHEAD_MS = 10_000; // of watching that are left of a part: then the next one is asked for
const STEP_MS = 1000; // how often everything but the positions is looked at

export type Wanted = { from_ms: number; to_ms: number };
export type Player = ReturnType<typeof createPlayer>;
type Asked = Pick<Client, "past" | "tracks">;
/** A part of the interval: how everything stood at each of its moments, and where the units drove. */
type Part = Wanted & { at: (at_ms: number) => Scene; frame: Frame; cut: readonly string[]; end_ms: number };

/** How long a part is at a speed: about twenty seconds of watching, whole minutes. */
export function partSeconds(speed: number): number {
  return Math.min(LONGEST_S, Math.max(SHORTEST_S, Math.ceil((speed * 20) / 60) * 60));
}

/** Build a player on the server's questions. */
export function createPlayer(client: Asked) {
  const span = signal<Wanted | null>(null);
  const at_ms = signal(0);
  const speed = signal<(typeof SPEEDS)[number]>(10);
  const playing = signal(false);
  const loading = signal(false); // the part that is shown
  const wrong = signal("");
  const arrived = signal(0); // counts parts, so that who draws looks again
  const parts: Part[] = [];
  const asking = new Set<number>();
  let opening = 0;

  const beat = computed(() => Math.floor(at_ms.value / STEP_MS) * STEP_MS);
  const shown = computed(() => {
    void [arrived.value, beat.value];
    return partAt(at_ms.peek());
  });
  const scene = computed(() => shown.value?.at(Math.max(beat.value, shown.value.from_ms)) ?? null);
  const cut = computed(() => shown.value?.cut ?? []);

  async function attempt<T>(ask: () => Promise<T>): Promise<T | null> {
    try {
      return await ask();
    } catch (problem) {
      playing.value = false;
      wrong.value = problem instanceof Refused && problem.title ? titleOf(problem.title) : say("replay.failed");
      return null;
    }
  }

  /** Both sides of a part at once: neither waits for the other. */
  async function ask(from_ms: number, to_ms: number, seconds: number): Promise<Part> {
    const [past, tracks] = await Promise.all([client.past(from_ms, to_ms, seconds), client.tracks(from_ms, seconds)]);
    const [until_ms, end_ms] = [Date.parse(past.until), Date.parse(past.to)];
    return { from_ms, to_ms: until_ms, end_ms, at: stage(past), frame: decode(tracks), cut: past.cut };
  }

  function keep(part: Part): void {
    parts.unshift(part);
    parts.splice(KEPT);
    arrived.value++;
  }

  /** Open an interval with its first minute; what was shown before is forgotten. */
  async function open(wanted: Wanted): Promise<void> {
    const turn = ++opening;
    playing.value = false;
    wrong.value = "";
    loading.value = true;
    span.value = null;
    parts.length = 0;
    arrived.value++;
    asking.clear();
    const part = await attempt(() => ask(wanted.from_ms, wanted.to_ms, SHORTEST_S));
    if (turn !== opening) return;
    loading.value = false;
    if (!part) return;
    keep(part);
    span.value = { from_ms: part.from_ms, to_ms: part.end_ms };
    seek(part.from_ms);
  }

  function partAt(moment: number): Part | null {
    return parts.find((one) => one.from_ms <= moment && moment < one.to_ms) ?? null;
  }

  /** Where the units drove around a moment, where that has come. */
  function frameAt(moment: number): Frame | null {
    return partAt(moment)?.frame ?? null;
  }

  async function fetchPart(from_ms: number): Promise<void> {
    const whole = span.peek();
    if (!whole || from_ms >= whole.to_ms || asking.has(from_ms)) return;
    const turn = opening;
    asking.add(from_ms);
    const part = await attempt(() => ask(from_ms, whole.to_ms, partSeconds(speed.peek())));
    if (turn !== opening) return;
    asking.delete(from_ms);
    if (part) keep(part);
  }

  /** Ask for what is or will soon be needed; whether the part of now is there. */
  function ready(): boolean {
    const now = at_ms.peek();
    const part = partAt(now);
    if (!part) {
      // one at a time: a slider that is dragged passes hundreds of moments nobody looks at
      const from_ms = Math.max(Math.floor(now / STEP_MS) * STEP_MS, span.peek()?.from_ms ?? now);
      if (!wrong.peek() && asking.size === 0) void fetchPart(from_ms);
      return false;
    }
    const soon = part.to_ms - now < AHEAD_MS * speed.peek();
    if (soon && !wrong.peek() && !partAt(part.to_ms)) void fetchPart(part.to_ms);
    return true;
  }

  function seek(moment: number): void {
    const whole = span.peek();
    if (!whole) return;
    wrong.value = "";
    at_ms.value = Math.min(Math.max(moment, whole.from_ms), whole.to_ms - 1);
    loading.value = !ready();
  }

  /** Let so many ms of watching pass; waits, and says so, while a part is on its way. */
  function tick(passed_ms: number): void {
    const whole = span.peek();
    if (!whole) return;
    const there = ready();
    loading.value = !there && !wrong.peek();
    if (!playing.peek() || !there) return;
    const next = at_ms.peek() + passed_ms * speed.peek();
    at_ms.value = Math.min(next, whole.to_ms - 1);
    if (next >= whole.to_ms) playing.value = false;
  }

  /** Play, or stand still; at the end it begins anew. */
  function toggle(): void {
    const whole = span.peek();
    if (!whole) return;
    if (!playing.peek() && at_ms.peek() >= whole.to_ms - 1) seek(whole.from_ms);
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
