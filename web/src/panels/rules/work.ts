/** A camera's rules at work: the draft and its past, what is chosen in it, what is being drawn; kept while one is away. */
import { batch, computed, effect, signal } from "@preact/signals";
import type { CameraPicture, Pixel } from "../../api/calibration";
import type { Fault, Mask, RuledCamera } from "../../api/rules";
import { alike, type Draft, dropped, type Functions, type Item, same, shapesOf, type Where, withPoints } from "./draft";
import { touched } from "./outline";

export type Work = ReturnType<typeof createWork>;
type Left = { account_id: number; base: RuledCamera; draft: Draft };

const MOST_STEPS = 100;
const left = new Map<number, Left>(); // by camera: what nobody saved yet outlives the page and a session that ends

const draftOf = ({ rules, masks }: Draft): Draft => ({ rules, masks });

/** Build it on what the server holds now, and on what this account left unsaved; `stop` when the page is left. Who does
 * not `uncover` leaves the masks as they are that hide something from people. */
export function createWork(account_id: number, newest: RuledCamera, functions: Functions, uncovers = true) {
  const mine = left.get(newest.id);
  const own = mine?.account_id === account_id ? mine : null;
  const base = signal(own?.base ?? newest);
  const draft = signal<Draft>(own?.draft ?? draftOf(newest));
  const theirs = signal<RuledCamera | null>(own && own.base.rules_version !== newest.rules_version ? newest : null);
  const past = signal<readonly Draft[]>([]);
  const chosen = signal<Item | null>(draft.value.rules.length ? { part: "rules", index: 0 } : null);
  const active = signal<Where | null>(null);
  const drawing = signal<readonly Pixel[] | null>(null);
  const picture = signal<CameraPicture | null>(null);
  const faults = signal<readonly Fault[]>([]);
  const changed = computed(() => !alike(draft.value, draftOf(base.value)));
  const shapes = computed(() => shapesOf(draft.value, functions));
  const size = computed<Pixel | null>(() => {
    const { width_px, height_px } = base.value; // rules are told in the camera's own pixels, however large it sends
    if (width_px && height_px) return [width_px, height_px];
    return picture.value && [picture.value.width_px, picture.value.height_px];
  });
  const stop = effect(() => {
    if (changed.value) left.set(newest.id, { account_id, base: base.value, draft: draft.value });
    else left.delete(newest.id);
  });

  /** Whether a mask hides from people by what the server holds, and so is not this account's to change. */
  function isFixed(item: Item | null): boolean {
    const mask = item?.part === "masks" ? draft.value.masks[item.index] : undefined;
    if (uncovers || mask?.kind !== "privacy") return false;
    const drawn = (one: Mask) => JSON.stringify([one.polygon, one.preset ?? null]);
    return base.value.masks.some((one) => one.kind === "privacy" && drawn(one) === drawn(mask));
  }

  /** Another draft; `step` begins a step that can be taken back, without it the last one goes on. */
  function take(next: Draft, step = true): void {
    if (next === draft.peek()) return;
    if (step) past.value = [...past.peek(), draft.peek()].slice(-MOST_STEPS);
    draft.value = next;
  }
  function undo(): void {
    const before = past.peek().at(-1);
    if (!before) return;
    batch(() => {
      past.value = past.peek().slice(0, -1);
      draft.value = before;
      drawing.value = null;
      settle();
    });
  }
  /** What was chosen may be there no longer. */
  function settle(): void {
    const item = chosen.peek();
    if (item && !draft.peek()[item.part][item.index]) chosen.value = null;
    if (!shapes.value.some(({ where }) => same(where, active.peek()))) active.value = null;
  }
  function choose(item: Item | null): void {
    batch(() => {
      chosen.value = item && { part: item.part, index: item.index };
      drawing.value = null;
      active.value =
        shapes.value.find(({ where }) => where.part === item?.part && where.index === item.index)?.where ?? null;
    });
  }
  /** Take hold of one shape, and of what it is of. */
  function hold(where: Where): void {
    batch(() => {
      chosen.value = { part: where.part, index: where.index };
      active.value = where;
      drawing.value = null;
    });
  }
  function draw(where: Where): void {
    hold(where);
    drawing.value = [];
  }
  /** A touch of the picture while something is being drawn; `near` is how far the same place reaches, pixels. */
  function touch(at: Pixel, near: number): void {
    const [where, drawn] = [active.peek(), drawing.peek()];
    if (!where || !drawn) return;
    const closed = shapes.peek().find((shape) => same(shape.where, where))?.closed ?? true;
    const { points, done } = touched(drawn, closed, at, near);
    batch(() => {
      drawing.value = done ? null : points;
      if (done) take(withPoints(draft.peek(), where, points));
    });
  }
  function drop(item: Item): void {
    batch(() => {
      take(dropped(draft.peek(), item));
      faults.value = []; // they are told by number, and the numbers are others now
      choose(null);
    });
  }
  /** What the server holds now is where one starts from; with `all` its rules are one's own too. */
  function adopt(now: RuledCamera, all: boolean): void {
    batch(() => {
      base.value = now;
      theirs.value = null;
      faults.value = [];
      if (all) {
        take(draftOf(now));
        drawing.value = null;
        settle();
      }
    });
  }
  if (chosen.value) choose(chosen.value);
  return {
    functions,
    base,
    draft,
    theirs,
    past,
    chosen,
    active,
    drawing,
    picture,
    faults,
    changed,
    shapes,
    size,
    stop,
    take,
    undo,
    choose,
    hold,
    draw,
    touch,
    drop,
    adopt,
    isFixed,
  };
}
