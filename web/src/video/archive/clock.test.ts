import { expect, test } from "vitest";
import { createClock } from "./clock";

function ticking() {
  let now = 0;
  const clock = createClock(() => now);
  clock.open({ from_ms: 1000, to_ms: 9000 });
  function pass(ms: number): void {
    now += ms;
    clock.tick();
  }
  return { clock, pass };
}

test("it runs at its speed and stops at the end", () => {
  const { clock, pass } = ticking();
  pass(500);
  expect(clock.at_ms.value).toBe(1000);
  clock.toggle();
  pass(500);
  clock.faster(1);
  pass(500);
  expect(clock.at_ms.value).toBe(2500);
  pass(60_000);
  expect([clock.at_ms.value, clock.playing.value]).toEqual([9000, false]);
});

test("it waits for a picture that is not there yet", () => {
  const { clock, pass } = ticking();
  clock.toggle();
  clock.waiting.value = true;
  pass(5000);
  expect(clock.at_ms.value).toBe(1000);
  clock.waiting.value = false;
  pass(100);
  expect(clock.at_ms.value).toBe(1100);
});

test("a jump stays within the interval and is told apart from going on", () => {
  const { clock } = ticking();
  const before = clock.jumps.value;
  clock.seek(99_999);
  expect([clock.at_ms.value, clock.jumps.value]).toEqual([9000, before + 1]);
});

test("the speeds end at half and at eight times", () => {
  const { clock } = ticking();
  for (let n = 0; n < 9; n++) clock.faster(1);
  expect(clock.speed.value).toBe(8);
  for (let n = 0; n < 9; n++) clock.faster(-1);
  expect(clock.speed.value).toBe(0.5);
});
