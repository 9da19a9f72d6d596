/** Into what seen ground is cut: purposes, or the classes of density of the norm; their colours and order; pure. */
import type { Cut, Purpose } from "../api/coverage";
import type { Rgb } from "../map/bands";

/** One slice: its name as the server knows it, from how many pixels to the metre it begins, and its colour. */
export type Slice = { name: string; density_px_m: number; colour: Rgb };

export const CUTS: readonly Cut[] = ["purposes", "classes_2025", "classes_2014"];
const CLASSES: Record<Exclude<Cut, "purposes">, readonly number[]> = {
  classes_2025: [20, 40, 80, 125, 250, 500, 1500],
  classes_2014: [25, 62.5, 125, 250],
};
/** Each step is lighter than the one before, from blue to yellow: told apart without red and green, and in grey. */
const RAMP: readonly Rgb[] = [
  [62, 73, 137],
  [48, 104, 142],
  [33, 137, 141],
  [38, 168, 132],
  [90, 200, 100],
  [165, 219, 54],
  [250, 236, 100],
];

/** So many of the ramp, its ends among them. */
export function rampOf(steps: number): Rgb[] {
  const last = Math.max(1, steps - 1);
  return Array.from({ length: steps }, (_, n) => RAMP[Math.round((n * (RAMP.length - 1)) / last)] as Rgb);
}

/** The slices of a cut, the coarsest first. */
export function slicesOf(cut: Cut, purposes: readonly Purpose[]): Slice[] {
  const plain =
    cut === "purposes"
      ? purposes.map(({ name, density_px_m }) => ({ name, density_px_m }))
      : CLASSES[cut].map((density_px_m) => ({ name: String(density_px_m), density_px_m }));
  const ramp = rampOf(plain.length);
  const sorted = plain.sort((a, b) => a.density_px_m - b.density_px_m);
  return sorted.map((one, n) => ({ ...one, colour: ramp[n] as Rgb }));
}

/** The colour of a band by its name. */
export const colourIn = (slices: readonly Slice[], name: string): Rgb =>
  slices.find((one) => one.name === name)?.colour ?? [154, 164, 178];
