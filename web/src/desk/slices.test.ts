import { expect, test } from "vitest";
import type { Purpose } from "../api/coverage";
import type { Rgb } from "../map/bands";
import { colourIn, rampOf, slicesOf } from "./slices";

const linear = (value: number) => (value <= 10.3 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
const light = ([r, g, b]: Rgb) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
/** How much two colours differ in lightness, as WCAG counts it. */
const contrast = (a: Rgb, b: Rgb) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
/** What a colour is to who sees no green, and to who sees no red (Machado and others, 2009, wholly). */
const BLIND: Record<string, number[][]> = {
  deuteranopia: [
    [0.367, 0.861, -0.228],
    [0.28, 0.673, 0.047],
    [-0.012, 0.043, 0.969],
  ],
  protanopia: [
    [0.152, 1.053, -0.205],
    [0.115, 0.786, 0.099],
    [-0.004, -0.048, 1.052],
  ],
};
const seenBy = (matrix: number[][], colour: Rgb) =>
  matrix.map((row) =>
    Math.max(
      0,
      Math.min(
        255,
        row.reduce((sum, part, n) => sum + part * (colour[n] as number), 0),
      ),
    ),
  );

test.each([4, 7])("%i slices differ in lightness alone, also to colour-blind people", (steps) => {
  const ramp = rampOf(steps);
  expect(new Set(ramp.map(String)).size).toBe(steps);
  for (let n = 1; n < steps; n++) {
    const [coarse, fine] = [ramp[n - 1] as Rgb, ramp[n] as Rgb];
    expect(light(fine)).toBeGreaterThan(light(coarse));
    expect(contrast(coarse, fine)).toBeGreaterThan(1.2);
    for (const matrix of Object.values(BLIND)) {
      const [a, b] = [seenBy(matrix, coarse), seenBy(matrix, fine)];
      expect(Math.hypot(...a.map((value, i) => value - (b[i] as number)))).toBeGreaterThan(25);
    }
  }
});

test("slices come the coarsest first, purposes by what they ask for", () => {
  const purposes = [
    { name: "person", density_px_m: 500 },
    { name: "situation", density_px_m: 32 },
  ] as Purpose[];
  expect(slicesOf("purposes", purposes).map((one) => one.name)).toEqual(["situation", "person"]);
  expect(slicesOf("classes_2014", []).map((one) => one.name)).toEqual(["25", "62.5", "125", "250"]);
  expect(slicesOf("classes_2025", [])).toHaveLength(7);
});

test("a band that nobody named is grey", () => {
  const slices = slicesOf("classes_2014", []);
  expect(colourIn(slices, "250")).toEqual(slices[3]?.colour);
  expect(colourIn(slices, "other")).toEqual([154, 164, 178]);
});
