/** Which part of a picture a small window shows. */
import type { Picture } from "../api/types";

const SURROUNDINGS = 2.2; // how many times the box the cut is wide: enough to know the place again
const ASPECT = 4 / 3;

/** The cut around the box as x, y, width, height px; the whole picture where there is no box. It never leaves the picture. */
export function cropAround({ width_px, height_px, box }: Picture): [number, number, number, number] {
  if (!box) return [0, 0, width_px, height_px];
  const [x0, y0, x1, y1] = box;
  const wanted = Math.max(x1 - x0, (y1 - y0) * ASPECT) * SURROUNDINGS;
  const width = Math.min(wanted, width_px, height_px * ASPECT);
  const height = width / ASPECT;
  const within = (start: number, size: number, whole: number) => Math.max(0, Math.min(whole - size, start));
  return [
    within((x0 + x1) / 2 - width / 2, width, width_px),
    within((y0 + y1) / 2 - height / 2, height, height_px),
    width,
    height,
  ];
}
