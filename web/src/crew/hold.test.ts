import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createHold, HELD_MS, TWICE_WITHIN_MS } from "./hold";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("held for its time it is raised, once", () => {
  const raise = vi.fn();
  const hold = createHold(raise);
  hold.press();
  expect(hold.holding.value).toBe(true);
  vi.advanceTimersByTime(HELD_MS * 5);
  expect(raise).toHaveBeenCalledTimes(1);
  expect(hold.holding.value).toBe(false);
});

test("let go too early it is not", () => {
  const raise = vi.fn();
  const hold = createHold(raise);
  hold.press();
  vi.advanceTimersByTime(HELD_MS - 1);
  hold.release();
  vi.advanceTimersByTime(HELD_MS * 5);
  expect(raise).not.toHaveBeenCalled();
});

test("by the keyboard it takes two presses, close together", () => {
  const raise = vi.fn();
  const hold = createHold(raise);
  hold.tap();
  expect(hold.armed.value).toBe(true);
  vi.advanceTimersByTime(TWICE_WITHIN_MS);
  hold.tap();
  expect(raise).not.toHaveBeenCalled();
  hold.tap();
  expect(raise).toHaveBeenCalledTimes(1);
});
