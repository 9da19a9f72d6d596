/** Lines and zones in a picture, being drawn and dragged: pixels, y downwards; pure. */
import type { Pixel } from "../../api/calibration";

type Points = readonly Pixel[];
/** What a hand has hold of: a corner, the middle of the side after a corner, or all of it. */
export type Grip = { part: "corner" | "side"; index: number } | { part: "whole" };

const apart = ([ax, ay]: Pixel, [bx, by]: Pixel) => Math.hypot(ax - bx, ay - by);
const round = ([x, y]: Pixel): Pixel => [Math.round(x), Math.round(y)];

/** The nearest pixel within the picture, whole. */
export function within([x, y]: Pixel, [width, height]: Pixel): Pixel {
  return round([Math.min(Math.max(x, 0), width), Math.min(Math.max(y, 0), height)]);
}

/** The sides, each from the corner of its index to the next; a zone closes itself. */
export function sides(points: Points, closed: boolean): [Pixel, Pixel][] {
  const ends = closed && points.length > 2 ? [...points.slice(1), points[0]] : points.slice(1);
  return ends.flatMap((end, index) => (end ? [[points[index] as Pixel, end] as [Pixel, Pixel]] : []));
}

export const middle = ([ax, ay]: Pixel, [bx, by]: Pixel): Pixel => [(ax + bx) / 2, (ay + by) / 2];

/** How far a point is from a side. */
function off(point: Pixel, [a, b]: [Pixel, Pixel]): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const along = ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / (dx * dx + dy * dy || 1);
  const share = Math.min(Math.max(along, 0), 1);
  return apart(point, [a[0] + share * dx, a[1] + share * dy]);
}

/** Whether a point lies in a zone, by the even-odd rule, as the camera's functions ask it. */
export function inside(points: Points, [x, y]: Pixel): boolean {
  return sides(points, true).reduce((odd, [[x0, y0], [x1, y1]]) => {
    const crosses = y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0);
    return crosses ? !odd : odd;
  }, false);
}

/** The corner that is nearest; null of nothing. */
export function nearest(points: Points, to: Pixel): number | null {
  const away = points.map((point) => apart(point, to));
  return away.length ? away.indexOf(Math.min(...away)) : null;
}

/** Whether a place is on a line, or in a zone. */
export function holds(points: Points, closed: boolean, at: Pixel, near: number): boolean {
  return sides(points, closed).some((side) => off(at, side) <= near) || (closed && inside(points, at));
}

/** What a hand takes hold of there; corners before sides, and those before the whole. */
export function gripOf(points: Points, closed: boolean, at: Pixel, near: number): Grip | null {
  const corner = nearest(points, at);
  if (corner !== null && apart(points[corner] as Pixel, at) <= near) return { part: "corner", index: corner };
  const side = closed ? sides(points, true).findIndex(([a, b]) => apart(middle(a, b), at) <= near) : -1;
  if (side >= 0) return { part: "side", index: side };
  return holds(points, closed, at, near) ? { part: "whole" } : null;
}

/** The points once that is dragged from one place to another; a side gets a corner of its own. */
export function dragged(points: Points, grip: Grip, from: Pixel, to: Pixel, size: Pixel): Points {
  if (grip.part === "corner") return points.with(grip.index, within(to, size));
  if (grip.part === "side") return points.toSpliced(grip.index + 1, 0, within(to, size));
  const room = (axis: 0 | 1) => {
    const all = points.map((point) => point[axis]);
    const by = to[axis] - from[axis];
    return Math.min(Math.max(by, -Math.min(...all)), size[axis] - Math.max(...all)); // it stays in the picture whole
  };
  const [dx, dy] = [room(0), room(1)];
  return points.map(([x, y]) => round([x + dx, y + dy]));
}

/** The points without a corner; a zone of three, or a line, keeps its own. */
export function without(points: Points, index: number, closed: boolean): Points {
  return closed && points.length > 3 ? points.toSpliced(index, 1) : points;
}

/** The points with one more, in the middle of the side after a corner. */
export function withMore(points: Points, index: number): Points {
  const [a, b] = [points[index], points[(index + 1) % points.length]];
  return a && b ? points.toSpliced(index + 1, 0, round(middle(a, b))) : points;
}

/** What is drawn so far once a place is touched; `done` when that ends it: at a line's second end, or where a zone's
 * first or last corner is touched again. */
export function touched(drawn: Points, closed: boolean, at: Pixel, near: number): { points: Points; done: boolean } {
  const [first, last] = [drawn[0], drawn.at(-1)];
  const again = (corner?: Pixel) => !!corner && apart(corner, at) <= near;
  if (closed && drawn.length > 2 && (again(first) || again(last))) return { points: drawn, done: true };
  if (again(last)) return { points: drawn, done: false }; // the same place twice is no line
  const points = [...drawn, round(at)];
  return { points, done: !closed && points.length === 2 };
}

/** Whether sides of a zone cross: inside and outside of it are then not what they look. */
export function crossesItself(points: Points): boolean {
  const all = sides(points, true);
  return all.some(([a, b], i) =>
    all.some(([c, d], j) => j > i + 1 && !(i === 0 && j === all.length - 1) && cross(a, b, c, d)),
  );
}

const turn = (a: Pixel, b: Pixel, c: Pixel) => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
const cross = (a: Pixel, b: Pixel, c: Pixel, d: Pixel) =>
  turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;

/** Over a line at its middle, from its left to its right as one who walks it has them: where the arrow goes, `length`
 * long; null of a line that is a point. */
export function arrowOver(points: Points, length: number): [Pixel, Pixel] | null {
  const [a, b] = points;
  if (!a || !b || apart(a, b) === 0) return null;
  const [x, y] = middle(a, b);
  const [nx, ny] = [-(b[1] - a[1]) / apart(a, b), (b[0] - a[0]) / apart(a, b)]; // y grows downwards
  const half = length / 2;
  return [
    [x - nx * half, y - ny * half],
    [x + nx * half, y + ny * half],
  ];
}
