import { expect, test } from "vitest";
import { cropAround } from "./crop";

const picture = (box: [number, number, number, number] | null) => ({ url: "", width_px: 768, height_px: 576, box });

test("the cut stands around the box", () => {
  const [x, y, width, height] = cropAround(picture([300, 200, 340, 290]));
  expect(x).toBeLessThan(300);
  expect(x + width).toBeGreaterThan(340);
  expect(y).toBeLessThan(200);
  expect(y + height).toBeGreaterThan(290);
  expect(width / height).toBeCloseTo(4 / 3, 9);
});

test("the cut never leaves the picture", () => {
  for (const box of [
    [0, 0, 40, 90],
    [740, 500, 768, 576],
    [0, 0, 768, 576],
  ] as [number, number, number, number][]) {
    const [x, y, width, height] = cropAround(picture(box));
    expect(x).toBeGreaterThanOrEqual(0);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(768 + 1e-9);
    expect(y + height).toBeLessThanOrEqual(576 + 1e-9);
  }
});

test("without a box the whole picture is shown", () => {
  expect(cropAround(picture(null))).toEqual([0, 0, 768, 576]);
});
