/** Areas of interest: drawn or typed, kept in this browser for the account by name, and how well each is seen. */
import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import { Refused } from "../api/ask";
import type { Client } from "../api/client";
import type { Cut, GroundAnswer } from "../api/coverage";
import { say, titleOf } from "../words/words";
import type { Corner } from "./corners";
import type { Desk } from "./desk";
import type { Drawing } from "./drawing";

export type Interest = { name: string; corners: Corner[] };
type Hands = { client: Pick<Client, "groundSeen">; desk: Pick<Desk, "account">; drawing: Pick<Drawing, "draw"> };

const KEPT = "qyran.interest";
const keyOf = (account: number) => `${KEPT}.${account}`;

/** What was kept for an account; nothing where something else was written there. */
export function remembered(account: number): Interest[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(account)) ?? "[]");
    return Array.isArray(kept)
      ? kept.filter((one) => typeof one?.name === "string" && Array.isArray(one?.corners))
      : [];
  } catch {
    return [];
  }
}

/** Build it; shares are told for all purposes, gaps for the one that is chosen. */
export function createInterest(hands: Hands, cut: ReadonlySignal<Cut>, purpose: ReadonlySignal<string>) {
  const kept = signal<readonly Interest[]>([]);
  const corners = signal<readonly Corner[] | null>(null); // of the area that is looked at
  const name = signal("");
  const answer = signal<GroundAnswer | null>(null);
  const wrong = signal("");
  const busy = signal(false);
  const account = computed(() => hands.desk.account.value?.id ?? null);

  let turn = 0;
  async function ask(shape: readonly Corner[], how: Cut, what: string): Promise<void> {
    const own = ++turn;
    busy.value = true;
    try {
      const found = await hands.client.groundSeen({ corners: [...shape], cut: how, purpose: what });
      if (own !== turn) return;
      answer.value = found;
      wrong.value = "";
    } catch (error) {
      if (own !== turn) return;
      answer.value = null;
      wrong.value = (error instanceof Refused && titleOf(error.title)) || say("said.failed");
    }
    busy.value = false;
  }
  effect(() => {
    const [shape, how, what] = [corners.value, cut.value, purpose.value];
    if (shape) untracked(() => void ask(shape, how, what));
  });
  effect(() => {
    const id = account.value; // somebody else sat down: their own areas
    untracked(() => {
      leave();
      kept.value = id === null ? [] : remembered(id);
    });
  });
  function write(all: readonly Interest[]): void {
    const id = account.peek();
    kept.value = all;
    if (id !== null) localStorage.setItem(keyOf(id), JSON.stringify(all));
  }
  /** Look at an area; one without a name is not kept yet. */
  function look(shape: readonly Corner[], called = ""): void {
    name.value = called;
    corners.value = shape;
  }
  function leave(): void {
    turn += 1;
    corners.value = answer.value = null;
    name.value = wrong.value = "";
    busy.value = false;
  }
  async function draw(): Promise<void> {
    const points = await hands.drawing.draw("polygon", say("interest.drawing"));
    if (points) look(points.map(({ lon, lat }): Corner => [lon, lat]));
  }
  /** Keep the area that is looked at under a name; what had that name before is replaced. */
  function keep(called: string): void {
    const shape = corners.peek();
    if (!shape || !called.trim()) return;
    name.value = called.trim();
    write([...kept.peek().filter((one) => one.name !== name.peek()), { name: name.peek(), corners: [...shape] }]);
  }
  function drop(called: string): void {
    write(kept.peek().filter((one) => one.name !== called));
    if (name.peek() === called) leave();
  }
  return { kept, corners, name, answer, wrong, busy, look, leave, draw, keep, drop };
}
