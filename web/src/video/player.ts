/** A camera's fragments in a video element, as close to now as they come (Media Source Extensions). */
import type { Title } from "../api/types";
import type { VideoTicket } from "../api/video";
import { chase, spent } from "./lag";
import { type Told, whyOf } from "./shown";

type Piece = { type: string | null; bytes: Uint8Array<ArrayBuffer> };
type Init = { init: { codec: string } };
type Fares = { reasons: Title[] };

const mime = (codec: string) => `video/mp4; codecs="${codec}"`;

/** Whether this browser can show fragments at all; each codec is asked about when it comes. */
export const playsFragments = () => "MediaSource" in globalThis;

/** Put pieces into the element one after the other, and keep it at the newest. */
export function createFeeder(video: HTMLVideoElement, failed: () => void) {
  const source = new MediaSource();
  const address = URL.createObjectURL(source);
  const waiting: Piece[] = [];
  let buffer: SourceBuffer | null = null;
  let type = "";
  video.src = address;
  source.addEventListener("sourceopen", pump);

  function follow(): void {
    const ranges = buffer?.buffered;
    if (!ranges?.length) return;
    const last = ranges.length - 1;
    const { jump_to, rate } = chase(video.currentTime, ranges.start(last), ranges.end(last));
    if (jump_to !== null) video.currentTime = jump_to;
    if (video.playbackRate !== rate) video.playbackRate = rate;
    if (video.paused) video.play().catch(() => undefined); // it is muted: nobody's leave is needed
  }

  function prepared(next: string): SourceBuffer {
    if (!buffer) {
      buffer = source.addSourceBuffer(mime(next));
      buffer.addEventListener("updateend", pump);
      buffer.addEventListener("error", failed);
    } else if (next !== type) buffer.changeType(mime(next));
    type = next;
    return buffer;
  }

  /** Throw away what was shown long ago; true while that takes. */
  function trimmed(): boolean {
    if (!buffer?.buffered.length) return false;
    const [start, until] = [buffer.buffered.start(0), spent(video.currentTime, buffer.buffered.start(0))];
    if (until === null) return false;
    buffer.remove(start, until);
    return true;
  }

  function pump(): void {
    if (source.readyState !== "open" || buffer?.updating) return;
    follow();
    if (trimmed()) return;
    const first = waiting.shift();
    if (!first) return;
    const together = [first.bytes];
    while (waiting[0] && waiting[0].type === null) together.push((waiting.shift() as Piece).bytes);
    try {
      prepared(first.type ?? type).appendBuffer(merged(together));
    } catch {
      failed();
    }
  }

  return {
    put(piece: Piece): void {
      waiting.push(piece);
      pump();
    },
    end(): void {
      buffer?.removeEventListener("updateend", pump);
      URL.revokeObjectURL(address);
      video.removeAttribute("src");
      video.load();
    },
  };
}

function merged(pieces: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of pieces) {
    whole.set(one, at);
    at += one.length;
  }
  return whole;
}

/** Show a camera by its fragments. */
export function playStream(video: HTMLVideoElement, ticket: VideoTicket, told: Told): () => void {
  let over = false;
  let codec: string | null = null;
  const feeder = createFeeder(video, () => end("lost"));
  const socket = new WebSocket(`${ticket.address.replace(/^http/, "ws")}/live?ticket=${ticket.ticket}`);
  socket.binaryType = "arraybuffer";

  function end(why: Parameters<Told["ended"]>[0] | null): void {
    if (over) return;
    over = true;
    socket.close();
    feeder.end();
    if (why) told.ended(why);
  }

  socket.onclose = (closed) => end(whyOf(closed.code));
  socket.onmessage = ({ data }) => {
    if (over) return;
    if (data instanceof ArrayBuffer) {
      feeder.put({ type: codec, bytes: new Uint8Array(data) });
      codec = null;
      return;
    }
    const message = JSON.parse(data as string) as Partial<Init & Fares>;
    if (message.reasons) told.fares(message.reasons);
    if (!message.init) return;
    codec = message.init.codec;
    if (!MediaSource.isTypeSupported(mime(codec))) end("pictures");
  };

  function framed(): void {
    if (over) return;
    told.frame();
    video.requestVideoFrameCallback(framed);
  }
  video.requestVideoFrameCallback(framed);
  video.onerror = () => end("lost");
  return () => end(null);
}
