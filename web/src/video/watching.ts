/** One camera being watched: a ticket, a player, and after a fault a new ticket. What it tells is never older than it says. */
import { signal } from "@preact/signals";
import { Refused } from "../api/ask";
import type { Title } from "../api/types";
import type { VideoKind, VideoTicket } from "../api/video";
import { backoff_ms } from "../live/freshness";
import type { Show, Why } from "./shown";

export type Phase = "opening" | "live" | "lost" | "busy" | "ended" | "gone" | "refused";
/** `reasons`: why the camera itself sends nothing; empty while it does. `hidden`: nobody drew masks for what it shows. */
export type Watched = {
  phase: Phase;
  ticket: VideoTicket | null;
  wrong: unknown;
  reasons: readonly Title[];
  hidden?: boolean;
};
export type Watching = ReturnType<typeof watch>;
type Hands = {
  ask: (kind: VideoKind) => Promise<VideoTicket>;
  show: Record<VideoKind, Show>;
  plays_fragments: boolean;
  now_ms: () => number;
};

const PATIENT = new Set([0, 429, 503]); // refusals that pass by themselves

/** Begin to watch; `stop` ends it. */
export function watch(hands: Hands) {
  const seen = signal<Watched>({ phase: "opening", ticket: null, wrong: null, reasons: [] });
  const frame_ms = signal(hands.now_ms());
  let kind: VideoKind = hands.plays_fragments ? "live" : "mjpeg";
  let [era, attempt, timer] = [0, 0, 0 as unknown as ReturnType<typeof setTimeout>];
  let close: () => void = () => undefined;

  const tell = (phase: Phase, wrong: unknown = null) => (seen.value = { ...seen.peek(), phase, wrong, reasons: [] });

  function again(phase: Phase): void {
    tell(phase);
    timer = setTimeout(() => void open(), backoff_ms(attempt++));
  }

  function ended(why: Why): void {
    if (why === "session") tell("ended");
    else if (why === "gone") tell("gone");
    else if (why === "pictures" && kind === "live") {
      kind = "mjpeg";
      void open();
    } else again(why === "busy" ? "busy" : "lost");
  }

  function refused(error: unknown): void {
    if (error instanceof Refused && PATIENT.has(error.status) && error.code !== "gave_up") again("lost");
    else tell("refused", error);
  }

  async function open(): Promise<void> {
    const own = ++era;
    try {
      const ticket = await hands.ask(kind);
      if (own !== era) return;
      seen.value = { phase: "opening", ticket, wrong: null, reasons: [] };
      close = hands.show[ticket.kind](ticket, {
        frame(hidden = false) {
          if (own !== era) return;
          attempt = 0;
          frame_ms.value = hands.now_ms();
          if (seen.peek().phase !== "live") tell("live");
          if (!!seen.peek().hidden !== hidden) seen.value = { ...seen.peek(), hidden };
        },
        fares(reasons) {
          if (own === era && String(reasons.map((one) => one.en)) !== String(seen.peek().reasons.map((one) => one.en)))
            seen.value = { ...seen.peek(), reasons };
        },
        ended: (why) => own === era && ended(why),
      });
    } catch (error) {
      if (own === era) refused(error);
    }
  }

  void open();
  return {
    seen,
    /** When the newest picture came, in ms of `now_ms`. */
    frame_ms,
    stop(): void {
      era++;
      clearTimeout(timer);
      close();
    },
  };
}
