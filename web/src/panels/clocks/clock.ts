/** A running clock at a moment of the server's time; pure. */
import type { RunningClock } from "../../api/clocks";
import type { AnswerTarget } from "../../api/types";

export type State = RunningClock["state"];
export type Read = { state: State; left_s: number; share: number };

const ORDER: readonly State[] = ["breached", "warned", "running", "missed", "met"];

/** What a clock shows now: the server's word for one that ended; one that runs may have come further since. */
export function readClock(clock: RunningClock, now_ms: number): Read {
  const begun_ms = new Date(clock.began_at).getTime();
  const until_ms = clock.ended_at === null ? now_ms : new Date(clock.ended_at).getTime();
  const gone_s = Math.max(0, (until_ms - begun_ms) / 1000);
  const [left_s, share] = [clock.target_s - gone_s, Math.min(1, gone_s / Math.max(1, clock.target_s))];
  if (clock.ended_at !== null) return { state: left_s < 0 ? "missed" : "met", left_s, share };
  return { state: left_s < 0 ? "breached" : gone_s >= clock.warn_s ? "warned" : "running", left_s, share };
}

/** The clock of a call that rings, by the target that the map document tells; null where none is asked. */
export function answerClock(rang_at: string, target: AnswerTarget | null | undefined): RunningClock | null {
  return target
    ? { name: "answer", service: null, began_at: rang_at, ...target, ended_at: null, state: "running" }
    : null;
}

/** The most urgent first: what is breached, then what ends soonest. */
export function byUrgency(clocks: readonly RunningClock[], now_ms: number): RunningClock[] {
  const rank = (read: Read) => ORDER.indexOf(read.state);
  return [...clocks].sort((a, b) => {
    const [one, other] = [readClock(a, now_ms), readClock(b, now_ms)];
    return rank(one) - rank(other) || one.left_s - other.left_s;
  });
}
