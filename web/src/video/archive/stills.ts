/** A recording picture by picture on a canvas, for who may not see what a mask covers: fetched ahead of the clock. */
import type { PlaybackTicket } from "../../api/recordings";
import { createParts, type Picture } from "../parts";
import { draw } from "../pictures";
import { createRest } from "./rest";

const MOST_AHEAD = 30; // pictures that wait to be shown; beyond it the door is not read

/** `hidden`: whether all of what is shown is hidden from who watches. */
export type Told = { failed: (why: "lost" | "over" | "busy") => void; hidden: (all: boolean) => void };
export type Stills = ReturnType<typeof createStills>;

/** Pictures in the order of their moments, each handed out once it is due; pure. */
export function createQueue() {
  let waiting: Picture[] = [];
  return {
    add(pictures: readonly Picture[]): void {
      waiting.push(...pictures);
    },
    /** The newest picture that is due at a moment; those before it are passed over. */
    due(at_ms: number): Picture | null {
      const count = waiting.filter((one) => one.at_ms <= at_ms).length;
      const found = waiting[count - 1] ?? null;
      waiting = waiting.slice(count);
      return found;
    },
    first: () => waiting[0] ?? null,
    ahead: () => waiting.length,
    empty(): void {
      waiting = [];
    },
  };
}

function whyOf(status: number): "lost" | "over" | "busy" {
  if (status === 403 || status === 410) return "over";
  return status === 503 ? "busy" : "lost";
}

/** Show what a ticket is for; `show` is called as the clock goes on. */
export function createStills(canvas: HTMLCanvasElement, ticket: PlaybackTicket, told: Told) {
  const queue = createQueue();
  let loading = new AbortController();
  let [shown, ended] = [false, false]; // since it was last sent somewhere
  let came_ms = Number.NEGATIVE_INFINITY; // the last moment of what came since

  /** Read an answer; hand back the last moment that came where it was cut while nobody read it, else null. */
  async function read(answer: Response, signal: AbortSignal): Promise<number | null> {
    const reader = answer.body?.getReader();
    const [take, rest] = [createParts(), createRest()];
    for (;;) {
      await rest.while(() => queue.ahead() > MOST_AHEAD && !signal.aborted);
      const next = await rest.read(async () => (await reader?.read()) ?? { done: true as const, value: undefined });
      if (!next) return came_ms;
      if (next.done || signal.aborted) return null;
      const pictures = take(next.value).filter((one) => one.at_ms > came_ms);
      queue.add(pictures);
      came_ms = pictures.at(-1)?.at_ms ?? came_ms;
    }
  }

  async function load(at_ms: number, signal: AbortSignal): Promise<void> {
    const asked = new URLSearchParams({ ticket: ticket.ticket, from: new Date(at_ms).toISOString() });
    const answer = await fetch(`${ticket.address}/stills?${asked}`, { signal, credentials: "omit", cache: "no-store" });
    const cut_ms = answer.ok ? await read(answer, signal) : null;
    if (cut_ms !== null && !signal.aborted) return load(cut_ms + 1, signal);
    if (!answer.ok && answer.status !== 404) told.failed(whyOf(answer.status));
    if (!signal.aborted) ended = true;
  }

  return {
    seek(at_ms: number): void {
      loading.abort();
      const own = new AbortController();
      loading = own;
      queue.empty();
      [shown, ended] = [false, false];
      came_ms = Number.NEGATIVE_INFINITY;
      load(at_ms, own.signal).catch(() => own.signal.aborted || told.failed("lost"));
    },
    /** Draw what is due at a moment, where something is. */
    show(at_ms: number): void {
      const picture = queue.due(at_ms) ?? (shown ? null : queue.first());
      if (!picture) return;
      shown = true;
      told.hidden(picture.hidden);
      draw(canvas, picture).catch(() => told.failed("lost"));
    },
    /** Whether the clock may go on: something is shown, and there is more, or no more comes. */
    ready: () => shown && (ended || queue.ahead() > 0),
    end: () => loading.abort(),
  };
}
