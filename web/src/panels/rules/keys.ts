/** The keyboard in the picture: a cross that arrows move, and the corner that it has hold of. */
import type { Signal } from "@preact/signals";
import type { Pixel } from "../../api/calibration";
import { same, type Where, withPoints } from "./draft";
import { dragged, nearest, within, withMore, without } from "./outline";
import type { Work } from "./work";

const STEPS: Record<string, Pixel> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const WIDE_STEP = 10; // pixels; with Shift one

export type Keys = {
  work: Work;
  cross: Signal<Pixel | null>;
  /** The corner that goes where the cross goes. */
  corner: Signal<number | null>;
  size: Pixel;
  /** How far the same place reaches, pixels. */
  near: number;
  may: boolean;
};
type Held = { where: Where; points: readonly Pixel[]; closed: boolean };

const heldOf = ({ work, may }: Keys): Held | undefined =>
  may && !work.isFixed(work.active.peek())
    ? work.shapes.peek().find(({ where }) => same(where, work.active.peek()))
    : undefined;

function put({ work }: Keys, { where }: Held, points: readonly Pixel[]): void {
  work.take(withPoints(work.draft.peek(), where, points));
}

/** Arrows: the cross goes, and with it the corner that it holds. */
function step(keys: Keys, [dx, dy]: Pixel, by: number): void {
  const { cross, corner, size } = keys;
  const from = cross.peek() ?? [size[0] / 2, size[1] / 2];
  const to = within([from[0] + by * dx, from[1] + by * dy], size);
  const held = heldOf(keys);
  if (held && corner.peek() !== null)
    put(keys, held, dragged(held.points, { part: "corner", index: corner.peek() ?? 0 }, from, to, size));
  cross.value = to;
}

/** Enter: a corner of what is being drawn; else the nearest corner is taken, or put down. */
function enter(keys: Keys): void {
  const { work, cross, corner, near } = keys;
  const at = cross.peek();
  if (!at) return;
  const held = heldOf(keys);
  if (work.drawing.peek()) work.touch(at, near);
  else if (corner.peek() !== null || !held) corner.value = null;
  else jump(keys, held, nearest(held.points, at));
}

function jump({ cross, corner }: Keys, { points }: Held, index: number | null): void {
  corner.value = index;
  cross.value = points[index ?? -1] ?? cross.peek();
}

/** N: the corner after the one that is held, or after the nearest. */
function next(keys: Keys): void {
  const held = heldOf(keys);
  if (!held?.points.length) return;
  const from = keys.corner.peek();
  jump(keys, held, from === null ? nearest(held.points, keys.cross.peek() ?? [0, 0]) : (from + 1) % held.points.length);
}

/** +: a corner more, after the one that is held. */
function more(keys: Keys): void {
  const [held, index] = [heldOf(keys), keys.corner.peek()];
  if (!held?.closed || index === null) return;
  const points = withMore(held.points, index);
  put(keys, held, points);
  jump(keys, { ...held, points }, index + 1);
}

/** Delete: the last corner of what is being drawn, or the one that is held. */
function remove(keys: Keys): void {
  const { work, corner } = keys;
  const drawn = work.drawing.peek();
  if (drawn) work.drawing.value = drawn.slice(0, -1);
  const [held, index] = [heldOf(keys), corner.peek()];
  if (drawn || !held || index === null) return;
  put(keys, held, without(held.points, index, held.closed));
  corner.value = null;
}

/** Esc: first what is being drawn, then the corner; true where there was something to stop. */
function stop({ work, corner }: Keys): boolean {
  const busy = work.drawing.peek() !== null || corner.peek() !== null;
  work.drawing.value = null;
  corner.value = null;
  return busy;
}

/** Take one key of the picture's. */
export function pressed(event: KeyboardEvent, keys: Keys): void {
  if (event.altKey || event.metaKey) return;
  if (event.ctrlKey) {
    if (event.code !== "KeyZ") return;
    keys.work.undo();
    keys.corner.value = null;
  } else {
    const by = event.shiftKey ? 1 : WIDE_STEP;
    const arrow = STEPS[event.code];
    const acts: Record<string, () => unknown> = {
      Enter: () => enter(keys),
      Space: () => enter(keys),
      KeyN: () => next(keys),
      Equal: () => more(keys),
      NumpadAdd: () => more(keys),
      Delete: () => remove(keys),
      Backspace: () => remove(keys),
      Escape: () => stop(keys),
    };
    if (arrow) step(keys, arrow, by);
    else if (acts[event.code]) acts[event.code]?.();
    else return;
  }
  event.preventDefault();
  event.stopPropagation();
}
