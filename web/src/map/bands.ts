/** The colours of the map of minutes: what is reached in time is calm, what is not stands out; pure. */
import type { MinutesBand } from "../api/cover";

export type Rgb = readonly [number, number, number];
/** By how many times the target it takes: up to half, in time, and ever later. */
const STEPS: readonly { upto: number; colour: Rgb }[] = [
  { upto: 0.5, colour: [38, 166, 154] },
  { upto: 1, colour: [102, 160, 128] },
  { upto: 1.5, colour: [230, 168, 60] },
  { upto: 2, colour: [232, 110, 58] },
  { upto: Number.POSITIVE_INFINITY, colour: [214, 64, 86] },
];

/** The colour of a band that ends at so many minutes where the target is so many seconds. */
export function bandColour(to_min: number, target_s: number): Rgb {
  const share = (to_min * 60) / target_s;
  return (STEPS.find((step) => share <= step.upto + 1e-9) ?? (STEPS.at(-1) as (typeof STEPS)[number])).colour;
}

/** The same for CSS. */
export const cssColour = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`;

/** From where to where each band goes, shortest first, each once. */
export function legendOf(bands: readonly MinutesBand[]): { from_min: number; to_min: number }[] {
  const found = new Map(bands.map((band) => [band.properties.to_min, band.properties]));
  return [...found.values()].sort((a, b) => a.to_min - b.to_min);
}
