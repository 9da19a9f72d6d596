/** What is searched in the recordings and found: the last search alone counts, and what is played outlives a look. */
import { signal } from "@preact/signals";
import { gaveUp } from "../../api/insist";
import type { Recordings } from "../../api/recordings";
import type { Clock } from "../../video/archive/clock";
import type { Span } from "../../video/archive/span";
import { sentenceOf } from "../dialogs/trial";

type Asks = {
  recordings: (cameras: readonly number[], span: Span, purpose: string) => Promise<Recordings>;
  /** What for; null where the person gave up. */
  purpose: () => Promise<string | null>;
};
const spanOf = ({ begins_at, ends_at }: Recordings): Span => ({
  from_ms: Date.parse(begins_at),
  to_ms: Date.parse(ends_at),
});

/** Build it on the questions and on the clock that plays what is found. */
export function createSearch(asks: Asks, clock: Pick<Clock, "open">) {
  const found = signal<Recordings | null>(null);
  const purpose = signal("");
  const wrong = signal("");
  /** Counts what is shown anew: its pictures ask for new tickets. */
  const turns = signal(0);
  let last = 0;

  async function ask(cameras: readonly number[], span: Span): Promise<Recordings | null> {
    const own = ++last;
    wrong.value = "";
    try {
      purpose.value ||= (await asks.purpose()) ?? "";
      const told = purpose.value && own === last ? await asks.recordings(cameras, span, purpose.value) : null;
      return own === last ? told : null;
    } catch (error) {
      if (own === last && !gaveUp(error)) wrong.value = sentenceOf(error);
      return null;
    }
  }
  /** Search cameras in an interval, and have it play from its beginning. */
  async function show(cameras: readonly number[], span: Span): Promise<void> {
    const told = await ask(cameras, span);
    if (!told) return;
    found.value = told;
    turns.value++;
    clock.open(spanOf(told));
  }
  /** Ask again for what is shown: its holds are others now, and it plays on where it is. */
  async function refresh(): Promise<void> {
    const shown = found.peek();
    if (!shown) return;
    const ids = shown.cameras.map((camera) => camera.id);
    found.value = (await ask(ids, spanOf(shown))) ?? found.peek();
  }
  return { found, purpose, wrong, turns, show, refresh };
}
