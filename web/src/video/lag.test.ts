import { expect, test } from "vitest";
import { chase, silent_s, spent } from "./lag";

test("a picture far behind jumps to what came last, one less behind plays faster", () => {
  expect(chase(10, 0, 12)).toEqual({ jump_to: 11.95, rate: 1 });
  expect(chase(10, 0, 10.8)).toEqual({ jump_to: null, rate: 1.5 });
  expect(chase(10, 0, 10.3)).toEqual({ jump_to: null, rate: 1.1 });
  expect(chase(10, 0, 10.1)).toEqual({ jump_to: null, rate: 1 });
});

test("a player that stands before or behind all footage jumps into it", () => {
  expect(chase(0, 500, 500.5).jump_to).toBe(500.45);
  expect(chase(0, 500, 500.02).jump_to).toBe(500);
  expect(chase(600, 500, 501).jump_to).toBe(500.95);
});

test("what was shown long ago is thrown away", () => {
  expect(spent(30, 20)).toBeNull();
  expect(spent(45, 20)).toBe(35);
});

test("a picture older than two seconds is not live", () => {
  expect(silent_s(1900, 0)).toBe(0);
  expect(silent_s(7400, 0)).toBe(7);
});
