import { expect, test } from "vitest";
import type { MapLayer } from "../api/types";
import { bring, isShown } from "./shown";

const layer = (name: string, shown_at_start: boolean) => ({ name, shown_at_start }) as MapLayer;

test("a layer is drawn as the document says, and while an open sheet is about it", () => {
  const gaps = layer("gaps", false);
  expect([isShown(gaps), isShown(layer("cameras", true))]).toEqual([false, true]);
  const stop = bring(["coverage", "gaps"]);
  expect([isShown(gaps), isShown(layer("terrain", false)), isShown(layer("cameras", true))]).toEqual([
    true,
    false,
    true,
  ]);
  stop();
  expect(isShown(gaps)).toBe(false);
});
