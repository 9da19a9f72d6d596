/** Who is on this phone, what the server said last, and when: asked every few seconds, kept for when nobody answers. */
import { computed, signal } from "@preact/signals";
import type { Session } from "../api/access";
import { Refused } from "../api/ask";
import { backoff_ms } from "../live/freshness";
import type { CrewClient } from "./client";
import type { Kept } from "./kept";
import type { Outbox } from "./outbox";
import { shown } from "./overlay";
import type { Heard, Numbered, Person } from "./values";

export type Crew = ReturnType<typeof createCrew>;
/** `unknown` until the store was read; `owing` has a second factor or a first password to give. */
export type Door =
  | { is: "unknown" }
  | { is: "shut"; why: "ended" | "no_answer" | null }
  | { is: "owing"; session: Session }
  | { is: "open"; person: Person };

const AGAIN_MS = 3_000;
const HIDDEN_MS = 20_000;

/** Build it; `outbox` sends in its name, so it is handed in when both stand; `silence` ends being woken. */
export function createCrew(
  client: CrewClient,
  kept: Kept,
  outbox: () => Outbox,
  silence: () => Promise<void>,
  now = Date.now,
) {
  const door = signal<Door>({ is: "unknown" });
  const heard = signal<Heard | null>(null);
  /** The server was reached and would not tell: not a crew's account, or it has no unit. */
  const refused = signal<Refused | null>(null);
  /** The last look found nobody: there is no connection, whatever the age of what is shown. */
  const lost = signal(false);
  const settling = signal<{ entry: Numbered; at_ms: number }[]>([]); // taken by the server, not yet in what it said
  let timer: ReturnType<typeof setTimeout> | undefined;
  let [failures, looking, once_more] = [0, false, false];

  const person = computed(() => (door.value.is === "open" ? door.value.person : null));
  const here = computed(() => {
    if (!heard.value) return null;
    const mine = outbox().entries.value.filter((entry) => entry.account_id === person.value?.account_id);
    const kept_ids = new Set(mine.map((entry) => entry.id));
    const taken = settling.value.map(({ entry }) => entry).filter((entry) => !kept_ids.has(entry.id));
    return shown(heard.value.answer, [...taken, ...mine]);
  });

  async function take(asked_ms: number): Promise<void> {
    const answer = await client.crew();
    heard.value = { answer, at_ms: now() };
    settling.value = settling.value.filter((one) => one.at_ms > asked_ms); // asked before it was taken: does not know it
    refused.value = null;
    lost.value = false;
    failures = 0;
    await kept.set("heard", heard.value);
  }

  async function look(): Promise<void> {
    if (!person.value) return;
    if (looking) {
      once_more = true;
      return;
    }
    looking = true;
    try {
      await take(now());
      void outbox().flush();
    } catch (error) {
      failures += 1;
      if (!(error instanceof Refused)) throw error;
      lost.value = error.status === 0 || error.status >= 500;
      if (error.status === 403 || error.status === 404) refused.value = error;
    } finally {
      looking = false;
    }
    next();
  }

  function next(): void {
    clearTimeout(timer);
    const usual = globalThis.document?.hidden ? HIDDEN_MS : AGAIN_MS;
    timer = setTimeout(() => void look(), once_more ? 0 : failures ? Math.max(usual, backoff_ms(failures)) : usual);
    once_more = false;
  }

  /** Forget what was shown to somebody else. */
  async function becomes(fresh: Person): Promise<void> {
    const before = await kept.get<Person>("person");
    if (before?.account_id !== fresh.account_id) {
      heard.value = null;
      await kept.set("heard", null);
    }
    await kept.set("person", fresh);
  }

  async function enter(session: Session): Promise<void> {
    if (session.needs) {
      door.value = { is: "owing", session };
      return;
    }
    const fresh = { account_id: session.account.id, name: session.account.name };
    await becomes(fresh);
    door.value = { is: "open", person: fresh };
    wake();
    void outbox().flush();
  }

  /** Ask at once: there is a connection again, a push came, something was sent. */
  function wake(): void {
    clearTimeout(timer);
    void look();
  }

  /** The page opens: what was kept is shown before anybody answers. */
  async function open(): Promise<void> {
    await outbox().reload();
    const [known, last] = await Promise.all([kept.get<Person>("person"), kept.get<Heard>("heard")]);
    if (known) {
      heard.value = last ?? null;
      door.value = { is: "open", person: known };
    }
    await client.whoAmI().then(enter, (error: Refused) => {
      if (error.status !== 0 && error.status < 500) close(error);
      else if (known) {
        lost.value = true;
        wake();
      } else door.value = { is: "shut", why: "no_answer" };
    });
  }

  /** The session serves no longer; what is unsent stays and waits for the sign-in. */
  function close(why: Refused): void {
    clearTimeout(timer);
    const was_open = door.value.is === "open";
    if (why.code.endsWith("_needed")) client.whoAmI().then(enter, () => undefined);
    else door.value = { is: "shut", why: was_open ? "ended" : null };
  }

  /** Go out of one's own will: what was shown is forgotten, what is unsent is not, and nothing wakes this phone. */
  async function leave(): Promise<void> {
    clearTimeout(timer);
    await silence();
    await client.signOut().catch(() => undefined);
    await Promise.all([kept.set("person", null), kept.set("heard", null)]);
    heard.value = null;
    door.value = { is: "shut", why: null };
  }

  return {
    door,
    person,
    heard,
    here,
    refused,
    lost,
    open,
    enter,
    close,
    leave,
    wake,
    /** The outbox tells what the server took. */
    settle(entry: Numbered): void {
      settling.value = [...settling.value, { entry, at_ms: now() }];
      wake();
    },
  };
}
