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

/** A press that somebody has yet to hear: the same panic anew is another one. */
const pressOf = (panic: Panic) => `${panic.id} ${panic.heard_before.length}`;

/** Those that are loud and were not known (pure); from now on they are. */
export function arrived(panics: Iterable<Panic>, known: Set<string>): Panic[] {
  const fresh = [...panics].filter((panic) => panic.acknowledged_at === null && !known.has(pressOf(panic)));
  for (const panic of fresh) known.add(pressOf(panic));
  return fresh;
}

/** Build it on a client and the desk that hears the feed; `busy`: the map or a form is in somebody's hands. */
export function createPanics(client: Client, desk: Desk, busy: () => boolean) {
  const list = signal<Panic[]>([]);
  const known = new Set<string>();
  /** Whether one still waits for somebody to say that they have seen it. */
  const rings = computed(() => list.value.some((panic) => panic.acknowledged_at === null));
  const refresh = gather(async () => {
    list.value = desk.may("panics.list") ? inOrder((await client.panics()).panics) : [];
    const [first] = arrived(list.value, known);
    if (first && !busy()) centre(first); // else the banner offers it
  }, 300);
  effect(() => {
    const session = desk.session.value;
    void desk.rows.value.panics;
    untracked(() => {
      if (session) refresh();
      else {
        list.value = [];
        known.clear();
      }
    });
  });

  async function acknowledge(panic: Panic): Promise<void> {
    if (panic.acknowledged_at || !desk.may("panics.act")) return;
    await desk.act(() => client.acknowledgePanic(panic.id, panic.heard_before.length));
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
  function centre(panic: Panic): void {
    desk.flyTo(panic.place ?? desk.units.value.get(panic.unit.id)?.place, 17);
  }
  /** Take map and selection to the crew. */
  function show(panic: Panic): void {
    desk.tab.value = "units";
    desk.select({ kind: "unit", id: panic.unit.id }, false);
    centre(panic);
  }
  return { list, rings, refresh, acknowledge, acknowledgeFirst, end, show };
}
