/** The ground coloured by how finely it is seen: of the chosen camera, of the map's view, or of an area of interest. */
import { computed, effect, signal, untracked } from "@preact/signals";
import { Refused } from "../api/ask";
import type { Client } from "../api/client";
import type { Band, CameraSight, Cut, GroundAnswer, Purpose } from "../api/coverage";
import { say, titleOf } from "../words/words";
import type { Desk } from "./desk";
import { CUTS, slicesOf } from "./slices";

export type Scope = "off" | "camera" | "view";
export type Bounds = [west: number, south: number, east: number, north: number];
type Signal<T> = { readonly value: T; peek(): T };

const KEPT = "qyran.cut";
const RESTS_MS = 250; // a map that moves is not asked about

/** The corners of a box. */
export const cornersOf = ([west, south, east, north]: Bounds): [number, number][] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
];

function remembered(): Cut {
  const kept = globalThis.localStorage?.getItem(KEPT);
  return CUTS.find((one) => one === kept) ?? "purposes";
}

/** Build it on a client, the desk and the purposes that the server knows. */
export function createSlicing(client: Client, desk: Desk, purposes: Signal<readonly Purpose[]>) {
  const cut = signal<Cut>(remembered());
  const scope = signal<Scope>("off");
  const bounds = signal<Bounds | null>(null); // what the map shows
  const ground = signal<GroundAnswer | null>(null);
  const sight = signal<CameraSight | null>(null); // of the chosen camera, for its card too
  const wrong = signal("");
  const slices = computed(() => slicesOf(cut.value, purposes.value));
  /** What is drawn; null where nothing is asked for, or not answered yet. */
  const drawn = computed<readonly Band[] | null>(() => {
    if (scope.value === "view") return ground.value?.features ?? null;
    return scope.value === "camera" ? (sight.value?.bands ?? null) : null;
  });
  const stirred = computed(() => desk.tile_versions.value.cameras ?? 0);

  let [turn, waiting] = [0, 0];
  /** The newest question counts; what was drawn stays until its answer is there. */
  async function ask<T>(question: () => Promise<T>, take: (answer: T | null) => void): Promise<void> {
    const own = ++turn;
    try {
      const answer = await question();
      if (own !== turn) return;
      take(answer);
      wrong.value = "";
    } catch (error) {
      if (own !== turn) return;
      take(null);
      wrong.value = (error instanceof Refused && titleOf(error.title)) || say("said.failed");
    }
  }
  effect(() => {
    const [shown, how, box] = [scope.value, cut.value, bounds.value];
    void [stirred.value, desk.document.value?.layers];
    globalThis.clearTimeout(waiting);
    if (shown !== "view" || !box) return;
    const asked = { corners: cornersOf(box), cut: how, purpose: null };
    waiting = globalThis.setTimeout(
      () =>
        void ask(
          () => client.groundSeen(asked),
          (answer) => (ground.value = answer),
        ),
      RESTS_MS,
    ) as unknown as number;
  });

  let chosen = 0;
  effect(() => {
    const [id, how] = [desk.camera_id.value, cut.value];
    void stirred.value;
    const own = ++chosen;
    if (sight.peek()?.id !== id) sight.value = null;
    if (id === null || !untracked(() => desk.may("coverage.camera"))) return;
    client.cameraSight(id, how).then(
      (answer) => {
        if (own === chosen) sight.value = answer;
      },
      () => undefined, // the card says nothing of it then
    );
  });
  function choose(how: Cut): void {
    cut.value = how;
    globalThis.localStorage?.setItem(KEPT, how);
  }
  function show(what: Scope): void {
    scope.value = what;
    wrong.value = "";
    turn += 1;
  }
  return { cut, scope, bounds, ground, sight, wrong, slices, drawn, choose, show };
}
