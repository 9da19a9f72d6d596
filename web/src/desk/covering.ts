/** Cover: the minutes to reach of one service as a layer, and which services fall short of their target. */
import { computed, effect, signal, untracked } from "@preact/signals";
import { Refused } from "../api/ask";
import type { Client } from "../api/client";
import type { Cover, StandbyMove } from "../api/cover";
import type { Service } from "../api/types";
import { say, titleOf } from "../words/words";
import type { Desk } from "./desk";

export type Covered = { cover: Cover; read_ms: number };
const KEPT = "qyran.cover";
const RESTS_MS = 120_000; // reckoning cover is dear: what is not drawn is asked seldom

/** Build it on a client, the desk, and the server's clock. */
export function createCovering(client: Client, desk: Desk, now_ms: () => number) {
  const shown = signal<Service | null>(globalThis.localStorage?.getItem(KEPT) || null); // whose minutes are drawn
  const known = signal<ReadonlyMap<Service, Covered>>(new Map());
  const wrong = signal("");
  const busy = signal(false);
  const drawn = computed(() => (shown.value === null ? null : (known.value.get(shown.value) ?? null)));
  const services = () => Object.keys(desk.document.value?.services ?? {});
  const unitsOf = (service: Service) => [...desk.units.value.values()].filter((unit) => unit.service === service);
  /** Those whose cover has fallen below its target; a service that has no units here has nothing that could fall. */
  const short = computed(() =>
    [...known.value.values()].filter((one) => one.cover.falls_short && unitsOf(one.cover.service).length > 0),
  );

  let turn = 0; // what was asked before it is of an area that was left, or proposes a crew that was asked since
  async function read(service: Service): Promise<void> {
    const own = turn;
    const cover = await client.cover(service);
    if (own === turn) known.value = new Map(known.value).set(service, { cover, read_ms: now_ms() });
  }
  /** Cover falls without a unit being sent, too: they drive away or fall silent, roads close, the hour turns. */
  function isOld(service: Service): boolean {
    const last = known.value.get(service);
    return !last || now_ms() - last.read_ms >= RESTS_MS;
  }
  /** Ask for the one that is drawn, then one after another for those that were asked for long ago. */
  async function readAll(): Promise<void> {
    try {
      if (shown.value !== null) await read(shown.value);
      for (const service of services().filter(isOld)) await read(service);
      wrong.value = "";
    } catch (error) {
      wrong.value = (error instanceof Refused && titleOf(error.title)) || say("said.failed");
    }
  }
  let more = false;
  /** Read now, or once more after what is under way. */
  async function refresh(): Promise<void> {
    if (!desk.may("cover.read")) return;
    more = true;
    if (busy.value) return;
    busy.value = true;
    while (more) {
      more = false;
      await readAll();
    }
    busy.value = false;
  }
  function show(service: Service | null): void {
    shown.value = service;
    globalThis.localStorage?.setItem(KEPT, service ?? "");
    if (service) void refresh();
  }
  const layers = computed(() => desk.document.value?.layers); // the same while only its plans are others
  effect(() => {
    const map = layers.value; // another area, another account: another map
    untracked(() => {
      turn += 1;
      known.value = new Map();
      if (map) void refresh();
    });
  });

  /** Ask a crew to stand by at a post; nobody is moved without a person's yes, and what is under way is not proposed. */
  async function ask(move: StandbyMove): Promise<void> {
    const text = say("cover.stand_by_message", { post: titleOf(move.post.name) || say("cover.post") });
    if ((await desk.act(() => client.askToStandBy(move, text).then(() => true))) === null) return;
    desk.tell(say("cover.asked", { unit: move.call_sign }));
    turn += 1;
    known.value = withoutMoveOf(move.unit_id, known.value);
    await refresh();
  }
  return { shown, known, drawn, short, wrong, busy, services, refresh, show, ask };
}

/** What is known of cover once a crew was asked: it is proposed for no service any more. */
function withoutMoveOf(unit_id: number, known: ReadonlyMap<Service, Covered>): ReadonlyMap<Service, Covered> {
  const without = ({ cover, read_ms }: Covered): Covered => ({
    cover: { ...cover, moves: cover.moves.filter((move) => move.unit_id !== unit_id) },
    read_ms,
  });
  return new Map([...known].map(([service, one]) => [service, without(one)]));
}
