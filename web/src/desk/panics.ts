/** Crews in danger: read anew whenever the feed tells of one, and at intervals, because none may be missed. */
import { computed, effect, signal, untracked } from "@preact/signals";
import type { Client } from "../api/client";
import type { Panic } from "../api/panics";
import { say } from "../words/words";
import type { Desk } from "./desk";
import { gather } from "./gather";

export type Panics = ReturnType<typeof createPanics>;

/** Those that nobody has acknowledged first, and of these the one that waits longest. */
export function inOrder(panics: Iterable<Panic>): Panic[] {
  const open = [...panics].filter((panic) => panic.ended_at === null);
  return open.sort(
    (a, b) => Number(!!a.acknowledged_at) - Number(!!b.acknowledged_at) || a.raised_at.localeCompare(b.raised_at),
  );
}

/** Build it on a client and the desk that hears the feed. */
export function createPanics(client: Client, desk: Desk) {
  const list = signal<Panic[]>([]);
  /** Whether one still waits for somebody to say that they have seen it. */
  const rings = computed(() => list.value.some((panic) => panic.acknowledged_at === null));
  const refresh = gather(async () => {
    list.value = desk.may("panics.list") ? inOrder((await client.panics()).panics) : [];
  }, 300);
  effect(() => {
    const session = desk.session.value;
    void desk.rows.value.panics;
    untracked(() => {
      if (session) refresh();
      else list.value = [];
    });
  });

  async function acknowledge(panic: Panic): Promise<void> {
    if (panic.acknowledged_at || !desk.may("panics.act")) return;
    await desk.act(() => client.acknowledgePanic(panic.id));
    refresh();
  }
  /** The one on top, by a key. */
  const acknowledgeFirst = () => list.value[0] && acknowledge(list.value[0]);
  /** Say that the danger is over; throws where the server refuses. */
  async function end(panic: Panic, reason: string): Promise<void> {
    await client.endPanic(panic.id, reason);
    desk.tell(say("panic.ended", { unit: panic.unit.call_sign }));
    refresh();
  }
  /** Take map and selection to the crew. */
  function show(panic: Panic): void {
    desk.tab.value = "units";
    desk.select({ kind: "unit", id: panic.unit.id }, false);
    desk.flyTo(panic.place ?? desk.units.value.get(panic.unit.id)?.place, 17);
  }
  return { list, rings, refresh, acknowledge, acknowledgeFirst, end, show };
}
