/** Redundancy: what is lost with a camera, a pole, a node or a link, and the ground of the one that is looked at. */
import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import { Refused } from "../api/ask";
import type { Client } from "../api/client";
import type { Lost, LostGround, Way } from "../api/redundancy";
import { say, titleOf } from "../words/words";
import type { Desk } from "./desk";

/** Build it on a client, the desk and the purpose that is looked at. */
export function createFailing(client: Client, desk: Desk, purpose: ReadonlySignal<string>) {
  const by = signal<Way>("camera");
  const lost = signal<readonly Lost[] | null>(null);
  const next = signal<number | null>(null);
  const shown = signal<string | null>(null); // whose ground is on the map
  const ground = signal<LostGround | null>(null);
  const wrong = signal("");
  const open = signal(false);

  let turn = 0; // what was asked before it is of another purpose or area
  async function ask<T>(question: Promise<T>): Promise<T | null> {
    try {
      const answer = await question;
      wrong.value = "";
      return answer;
    } catch (error) {
      wrong.value = (error instanceof Refused && titleOf(error.title)) || say("said.failed");
      return null;
    }
  }
  function hide(): void {
    shown.value = null;
    ground.value = null;
  }
  async function read(): Promise<void> {
    turn += 1;
    const own = turn;
    hide();
    const found = await ask(client.lost(purpose.peek(), by.peek(), 0));
    if (own !== turn || !found) return;
    lost.value = found.lost;
    next.value = found.next;
  }
  async function more(): Promise<void> {
    const [own, past] = [turn, next.peek()];
    if (past === null) return;
    const found = await ask(client.lost(purpose.peek(), by.peek(), past));
    if (own !== turn || !found) return;
    lost.value = [...(lost.peek() ?? []), ...found.lost];
    next.value = found.next;
  }
  /** Show on the map what it alone sees; a second time hides it. */
  async function show(name: string): Promise<void> {
    if (shown.peek() === name) return hide();
    const own = turn;
    shown.value = name;
    ground.value = null;
    const found = await ask(client.lostGround(purpose.peek(), by.peek(), name));
    if (own === turn && shown.peek() === name) ground.value = found;
  }
  function choose(way: Way): void {
    by.value = way;
    lost.value = null;
    void read();
  }
  function look(opened: boolean): void {
    open.value = opened;
    if (opened) void read();
    else hide();
  }
  const asked = computed(() => [purpose.value, desk.document.value?.layers]);
  effect(() => {
    void asked.value;
    untracked(() => {
      turn += 1;
      lost.value = null;
      next.value = null;
      hide();
      if (open.peek()) void read();
    });
  });
  return { by, lost, next, shown, ground, wrong, look, choose, more, show, hide };
}
