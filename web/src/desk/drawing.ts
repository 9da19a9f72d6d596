/** Drawing on the map: a line or a polygon, by clicks or by keys alone. */
import { computed, signal } from "@preact/signals";
import type { Place } from "../api/types";

export type Drawn = "line" | "polygon";
export type Sketch = { kind: Drawn; title: string; points: readonly Place[] };
export type Drawing = ReturnType<typeof createDrawing>;

const LEAST: Record<Drawn, number> = { line: 2, polygon: 3 };

/** Whether a sketch has as many points as its kind needs. */
export const isWhole = (sketch: Sketch): boolean => sketch.points.length >= LEAST[sketch.kind];

/** One sketch at a time; a new one gives up the one before. */
export function createDrawing() {
  const sketch = signal<Sketch | null>(null);
  const pointer = signal<Place | null>(null); // where the next point would lie
  let answer: (points: readonly Place[] | null) => void = () => undefined;

  function end(points: readonly Place[] | null): void {
    const told = answer;
    answer = () => undefined;
    sketch.value = null;
    pointer.value = null;
    told(points);
  }
  const cancel = () => end(null);
  function finish(): void {
    const drawn = sketch.value;
    if (drawn && isWhole(drawn)) end(drawn.points);
  }
  function add(place: Place): void {
    const drawn = sketch.value;
    if (!drawn) return;
    const last = drawn.points.at(-1);
    if (last && last.lon === place.lon && last.lat === place.lat) return; // a double click is one point
    sketch.value = { ...drawn, points: [...drawn.points, place] };
  }
  function undo(): void {
    if (sketch.value) sketch.value = { ...sketch.value, points: sketch.value.points.slice(0, -1) };
  }
  /** Ask for a shape; null where the person gave up. */
  function draw(kind: Drawn, title: string, points: readonly Place[] = []): Promise<readonly Place[] | null> {
    cancel();
    sketch.value = { kind, title, points };
    return new Promise((told) => (answer = told));
  }

  const whole = computed(() => sketch.value !== null && isWhole(sketch.value));
  return { sketch, pointer, whole, draw, add, undo, finish, cancel };
}
