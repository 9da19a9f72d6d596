/** What the crew did and the server has not taken yet: kept first, then sent in order, again and again, until it is.
 *
 * Nothing is lost: an entry leaves the store only after the server's yes, or after the person has read its no. Nothing
 * is done twice: every try carries the same client event id.
 */
import { computed, signal } from "@preact/signals";
import { Refused } from "../api/ask";
import type { Kept } from "./kept";
import { uuid } from "./uuid";
import { type Act, type Entry, type Lane, laneOf, type Numbered } from "./values";

export type Outbox = ReturnType<typeof createOutbox>;
type Clock = { now: () => number; chance?: () => number };
/** `sent` is told of every yes; `one_at_a_time` keeps two windows of one phone from sending the same together. */
export type Hands = {
  send: (entry: Entry) => Promise<unknown>;
  account: () => number | null;
  sent: (entry: Numbered) => void;
  one_at_a_time: (lane: Lane, work: () => Promise<void>) => Promise<void>;
};

const LONGEST_MS: Record<Lane, number> = { panic: 2_000, acts: 15_000 };
/** The session serves no more: not the entry's fault, it waits for the sign-in. */
const OF_THE_SESSION = new Set(["not_signed_in", "second_factor_needed", "new_password_needed"]);
const PASSES = new Set([0, 408, 421, 425, 429]);

/** Whether the same will be answered differently later: no connection, a server in trouble, a session that ended. */
export function passes(refused: Refused): boolean {
  return refused.status >= 500 || PASSES.has(refused.status) || OF_THE_SESSION.has(refused.code);
}

/** Wait before the next try, ms: doubling from half a second, with up to a quarter taken off by chance. */
export function rest_ms(lane: Lane, tries: number, chance: number): number {
  return Math.min(LONGEST_MS[lane], 500 * 2 ** Math.min(tries, 10)) * (1 - chance / 4);
}

/** Build it on a store that was opened. */
export function createOutbox(kept: Kept, hands: Hands, { now, chance = Math.random }: Clock = { now: Date.now }) {
  const entries = signal<Numbered[]>([]);
  const next_try_ms = signal<number | null>(null);
  const running = new Map<Lane, Promise<void>>();
  const timers = new Map<Lane, ReturnType<typeof setTimeout>>();

  const mine = (entry: Entry) => entry.account_id === hands.account();
  const waiting = computed(() => entries.value.filter((entry) => !entry.refused));
  const refused = computed(() => entries.value.filter((entry) => entry.refused));

  async function reload(): Promise<void> {
    entries.value = await kept.entries();
  }

  async function judge(entry: Numbered, error: unknown): Promise<boolean> {
    const no = error instanceof Refused ? error : new Refused(0, "no_answer", null);
    const tried = { ...entry, tries: entry.tries + 1 };
    await kept.put(passes(no) ? tried : { ...tried, refused: { code: no.code, title: no.title } });
    return !passes(no);
  }

  /** Send the oldest of a lane; whether the next one may go. */
  async function one(lane: Lane): Promise<boolean> {
    const entry = (await kept.entries()).find((each) => laneOf(each.act) === lane && !each.refused && mine(each));
    if (!entry) return false;
    try {
      await hands.send(entry);
    } catch (error) {
      const goes_on = await judge(entry, error);
      if (!goes_on) later(lane, entry.tries);
      return goes_on;
    }
    hands.sent(entry); // told before it leaves, so that what is shown does not fall back in between
    await kept.remove(entry.n);
    return true;
  }

  function later(lane: Lane, tries: number): void {
    const wait_ms = rest_ms(lane, tries, chance());
    next_try_ms.value = now() + wait_ms;
    timers.set(
      lane,
      setTimeout(() => void run(lane), wait_ms),
    );
  }

  async function work(lane: Lane): Promise<void> {
    next_try_ms.value = null;
    while (await one(lane)) await reload();
    await reload();
  }

  /** Send what a lane holds; asked again while it sends, it is the same run. */
  function run(lane: Lane): Promise<void> {
    clearTimeout(timers.get(lane));
    const already = running.get(lane);
    if (already) return already;
    const run = hands.one_at_a_time(lane, () => work(lane)).finally(() => running.delete(lane));
    running.set(lane, run);
    return run;
  }

  return {
    entries,
    waiting,
    refused,
    next_try_ms,
    reload,
    /** Try now: there is a connection again, or a person signed in. */
    flush: () => Promise.all([run("panic"), run("acts")]).then(() => undefined),
    /** Keep an act, then send it; resolves when it is kept. Raises what the store raises: then it was not done. */
    async add(act: Act): Promise<void> {
      const account_id = hands.account();
      if (account_id === null) throw new Refused(0, "not_signed_in", null);
      const at = new Date(now()).toISOString();
      const entry = await kept.add({ id: uuid(), account_id, at, act, tries: 0, refused: null });
      entries.value = [...entries.value, entry];
      const lane = laneOf(act);
      void (running.get(lane) ?? Promise.resolve()).then(() => run(lane)); // a run that just ended did not see it
    },
    /** The person has read why it was refused. */
    async putAway(n: number): Promise<void> {
      await kept.remove(n);
      await reload();
    },
  };
}
