import { expect, test } from "vitest";
import { createDrawing } from "./drawing";

const A = { lon: 76.9, lat: 43.2 };
const B = { lon: 76.91, lat: 43.2 };
const C = { lon: 76.91, lat: 43.21 };

test("a line ends by being finished, never with fewer than two points", async () => {
  const drawing = createDrawing();
  const drawn = drawing.draw("line", "a closure");
  drawing.add(A);
  drawing.finish();
  expect(drawing.sketch.value).not.toBeNull();
  drawing.add(B);
  drawing.finish();
  expect(await drawn).toEqual([A, B]);
  expect(drawing.sketch.value).toBeNull();
});

test("the last point is taken back, and a double click adds one", async () => {
  const drawing = createDrawing();
  const drawn = drawing.draw("polygon", "a closure");
  for (const place of [A, B, B, C, A]) drawing.add(place);
  drawing.undo();
  drawing.finish();
  expect(await drawn).toEqual([A, B, C]);
});

test("who gives up, or begins another sketch, gets nothing", async () => {
  const drawing = createDrawing();
  const [first, second] = [drawing.draw("line", "one"), drawing.draw("line", "two")];
  expect(await first).toBeNull();
  drawing.cancel();
  expect(await second).toBeNull();
});
