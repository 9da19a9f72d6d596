import { expect, test } from "vitest";
import type { Pixel } from "../../api/calibration";
import { arrowOver, crossesItself, dragged, gripOf, inside, touched, within, withMore, without } from "./outline";

const SIZE: Pixel = [640, 360];
const ZONE: Pixel[] = [
  [100, 100],
  [200, 100],
  [200, 200],
  [100, 200],
];
const LINE: Pixel[] = [
  [100, 100],
  [300, 100],
];

test("a line is drawn by two touches, a zone by touching its first or last corner again", () => {
  let drawn = touched([], false, [10.4, 20.6], 5);
  expect(drawn).toEqual({ points: [[10, 21]], done: false });
  expect(touched(drawn.points, false, [12, 21], 5)).toEqual({ points: [[10, 21]], done: false });
  drawn = touched(drawn.points, false, [90, 20], 5);
  expect(drawn).toEqual({
    points: [
      [10, 21],
      [90, 20],
    ],
    done: true,
  });
  expect(touched(ZONE.slice(0, 2), true, [100, 101], 5).done).toBe(false);
  expect(touched(ZONE, true, [102, 98], 5)).toEqual({ points: ZONE, done: true });
  expect(touched(ZONE, true, [101, 199], 5)).toEqual({ points: ZONE, done: true });
  expect(touched(ZONE, true, [150, 250], 5).points).toHaveLength(5);
});

test("a hand takes hold of a corner before a side, and of a side before the whole", () => {
  expect(gripOf(ZONE, true, [203, 98], 6)).toEqual({ part: "corner", index: 1 });
  expect(gripOf(ZONE, true, [100, 152], 6)).toEqual({ part: "side", index: 3 });
  expect(gripOf(ZONE, true, [130, 130], 6)).toEqual({ part: "whole" });
  expect(gripOf(ZONE, true, [300, 300], 6)).toBeNull();
  expect(gripOf(LINE, false, [200, 103], 6)).toEqual({ part: "whole" });
  expect(gripOf(LINE, false, [200, 120], 6)).toBeNull();
});

test("a corner goes where it is dragged, a side gets one more, and the whole stays in the picture with its shape", () => {
  expect(dragged(ZONE, { part: "corner", index: 2 }, [200, 200], [900, 240.4], SIZE)[2]).toEqual([640, 240]);
  const more = dragged(ZONE, { part: "side", index: 3 }, [100, 150], [80, 150], SIZE);
  expect(more).toEqual([...ZONE, [80, 150]]);
  expect(dragged(ZONE, { part: "whole" }, [150, 150], [-500, 170], SIZE)).toEqual([
    [0, 120],
    [100, 120],
    [100, 220],
    [0, 220],
  ]);
});

test("a zone keeps three corners and a line its two ends", () => {
  expect(without(ZONE, 0, true)).toEqual(ZONE.slice(1));
  expect(without(ZONE.slice(1), 0, true)).toHaveLength(3);
  expect(without(LINE, 0, false)).toEqual(LINE);
  expect(withMore(ZONE, 3).at(-1)).toEqual([100, 150]);
});

test("a zone that crosses itself is told from one that does not", () => {
  expect(crossesItself(ZONE)).toBe(false);
  expect(crossesItself([ZONE[0], ZONE[2], ZONE[1], ZONE[3]] as Pixel[])).toBe(true);
  expect(inside(ZONE, [150, 150])).toBe(true);
  expect(inside(ZONE, [250, 150])).toBe(false);
});

test("the arrow over a line goes from the left of one who walks it to the right, with y downwards", () => {
  expect(arrowOver(LINE, 40)).toEqual([
    [200, 80],
    [200, 120],
  ]); // who walks to the right of the picture has its lower part at the right hand
  expect(arrowOver([LINE[0], LINE[0]] as Pixel[], 40)).toBeNull();
});

test("a pixel is whole and within the picture", () => {
  expect(within([-3, 400.2], SIZE)).toEqual([0, 360]);
});
