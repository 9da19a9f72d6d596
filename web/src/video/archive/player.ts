/** One camera's recording in a video element: fragments fetched as they are needed, on the page's one time line. */
import type { PlaybackTicket } from "../../api/recordings";
import { createRest } from "./rest";

const AHEAD_S = 20; // of pictures that wait to be shown; beyond it the door is not read
const BEHIND_S = 20; // that are kept once shown
const SLIP_S = 0.3; // a stretch may begin so much behind the moment that was asked for
const mime = (codec: string) => `video/mp4; codecs="${codec}"`;

export type Told = { failed: (why: "codec" | "lost" | "over") => void };
export type Reel = ReturnType<typeof createReel>;
/** What the head of an answer says of the stretch behind it. */
export type Head = { begins_ms: number; ends_ms: number; codec: string; media_s: number; next_ms: number | null };

/** Read the head of an answer; null where it is none of the door's. */
export function headOf(headers: Pick<Headers, "get">): Head | null {
  const told = (name: string) => headers.get(`x-${name}`) ?? "";
  const [begins_ms, ends_ms] = [Date.parse(told("begins-at")), Date.parse(told("ends-at"))];
  const media_s = Number(told("media-s"));
  if (!Number.isFinite(begins_ms) || !Number.isFinite(ends_ms) || !Number.isFinite(media_s)) return null;
  const next = Date.parse(told("next"));
  return { begins_ms, ends_ms, codec: told("codec"), media_s, next_ms: Number.isFinite(next) ? next : null };
}

/** Where a stretch's own times lie on the time line whose zero is `zero_ms`, in seconds. */
export function offsetOf(head: Head, zero_ms: number): number {
  return (head.begins_ms - zero_ms) / 1000 - head.media_s;
}

/** Show what a ticket is for; the element's time is seconds since `zero_ms`. */
export function createReel(video: HTMLVideoElement, ticket: PlaybackTicket, zero_ms: number, told: Told) {
  const source = new MediaSource();
  const address = URL.createObjectURL(source);
  const opened = new Promise<void>((done) => source.addEventListener("sourceopen", () => done(), { once: true }));
  let buffer: SourceBuffer | null = null;
  let type = "";
  let loading: AbortController | null = null;
  let over = false;
  let aim_s: number | null = null; // where it is to go and is not yet
  video.src = address;

  const settled = (of: SourceBuffer) =>
    of.updating ? new Promise<void>((done) => of.addEventListener("updateend", () => done(), { once: true })) : null;

  /** Where the element lands that is sent to a moment: there, or at the first picture just behind it. */
  function landing(at_s: number): number | null {
    const ranges = video.buffered;
    for (let n = 0; n < ranges.length; n++)
      if (ranges.start(n) - SLIP_S <= at_s && at_s < ranges.end(n)) return Math.max(at_s, ranges.start(n));
    return null;
  }

  /** Go to the moment that was asked for, once its pictures are there: before, an element forgets where it was sent. */
  function land(): void {
    const at_s = aim_s === null ? null : landing(aim_s);
    if (at_s === null) return;
    aim_s = null;
    video.currentTime = at_s;
  }

  function ahead_s(): number {
    const ranges = video.buffered;
    for (let n = 0; n < ranges.length; n++)
      if (ranges.start(n) - SLIP_S <= video.currentTime && video.currentTime <= ranges.end(n))
        return ranges.end(n) - video.currentTime;
    return 0;
  }

  async function prepared(head: Head): Promise<SourceBuffer> {
    await opened;
    if (!MediaSource.isTypeSupported(mime(head.codec))) throw new DOMException("codec", "NotSupportedError");
    if (!buffer) buffer = source.addSourceBuffer(mime(head.codec));
    else if (head.codec !== type) buffer.changeType(mime(head.codec));
    type = head.codec;
    await settled(buffer);
    buffer.timestampOffset = offsetOf(head, zero_ms);
    return buffer;
  }

  async function append(into: SourceBuffer, bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<void> {
    await settled(into);
    if (signal.aborted) return;
    into.appendBuffer(bytes);
    await settled(into);
    land();
    const shown = video.currentTime - BEHIND_S;
    if (video.buffered.length > 0 && video.buffered.start(0) < shown - BEHIND_S) {
      into.remove(0, shown);
      await settled(into);
    }
  }

  /** Where to go on when an answer was cut, be it amid a fragment: behind what is there. */
  async function behind(into: SourceBuffer): Promise<number> {
    await settled(into);
    into.abort(); // forgets the half of a fragment
    return zero_ms + (video.currentTime + ahead_s()) * 1000;
  }

  /** Fetch one stretch; hand back where the next one begins, null where nothing follows. */
  async function stretch(from_ms: number, signal: AbortSignal): Promise<number | null> {
    const asked = new URLSearchParams({ ticket: ticket.ticket, from: new Date(from_ms).toISOString() });
    const answer = await fetch(`${ticket.address}/playback?${asked}`, { signal, credentials: "omit" });
    const [head, reader] = [headOf(answer.headers), answer.body?.getReader()];
    if (answer.status === 404) return null;
    if (!answer.ok || !head || !reader)
      throw new Error(answer.status === 403 || answer.status === 410 ? "over" : "lost");
    const [into, rest] = [await prepared(head), createRest()];
    for (;;) {
      await rest.while(() => ahead_s() > AHEAD_S && !signal.aborted);
      const read = await rest.read(() => reader.read());
      if (!read && !signal.aborted) return behind(into);
      if (!read || read.done || signal.aborted) return head.next_ms;
      await append(into, read.value, signal);
    }
  }

  async function load(from_ms: number, signal: AbortSignal): Promise<void> {
    try {
      for (let next: number | null = from_ms; next !== null && !signal.aborted; ) next = await stretch(next, signal);
    } catch (error) {
      if (signal.aborted || over) return;
      const name = error instanceof DOMException ? error.name : "";
      told.failed(
        name === "NotSupportedError" ? "codec" : error instanceof Error && error.message === "over" ? "over" : "lost",
      );
    }
  }

  /** Go to a moment: at once where its pictures are there, else by fetching from there on. */
  async function seek(at_ms: number): Promise<void> {
    const at_s = Math.max(0, (at_ms - zero_ms) / 1000);
    aim_s = at_s;
    if (loading) land();
    if (aim_s === null) return;
    loading?.abort();
    const own = new AbortController();
    loading = own;
    await opened;
    if (buffer && source.readyState === "open") {
      await settled(buffer);
      if (own.signal.aborted) return;
      buffer.abort();
      buffer.remove(0, Number.POSITIVE_INFINITY);
      await settled(buffer);
    }
    if (!own.signal.aborted) void load(at_ms, own.signal);
  }

  return {
    seek,
    /** Whether the moment it stands at can be shown. */
    ready: () => aim_s === null && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && !video.seeking,
    end(): void {
      over = true;
      loading?.abort();
      URL.revokeObjectURL(address);
      video.removeAttribute("src");
      video.load();
    },
  };
}
