import { expect, test, vi } from "vitest";
import { gather } from "./gather";

test("a hundred asks while one runs become one more run", async () => {
  vi.useFakeTimers();
  const work = vi.fn(async () => undefined);
  const ask = gather(work, 100);
  for (let i = 0; i < 100; i++) ask();
  await vi.advanceTimersByTimeAsync(1000);
  expect(work).toHaveBeenCalledTimes(2);
});

test("a run that fails does not stop the next", async () => {
  vi.useFakeTimers();
  const work = vi.fn(async () => Promise.reject(new Error("no answer")));
  const ask = gather(work, 10);
  ask();
  await vi.advanceTimersByTimeAsync(50);
  ask();
  await vi.advanceTimersByTimeAsync(50);
  expect(work).toHaveBeenCalledTimes(2);
});
