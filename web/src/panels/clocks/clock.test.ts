import { expect, test } from "vitest";
import type { RunningClock } from "../../api/clocks";
import { answerClock, byUrgency, readClock } from "./clock";

const BEGAN = Date.parse("2026-11-22T08:00:00Z");
const clock = (over: Partial<RunningClock> = {}) =>
  ({
    name: "travel",
    service: "fire",
    began_at: "2026-11-22T08:00:00Z",
    target_s: 600,
    warn_s: 450,
    ...{ ended_at: null },
    ...over,
  }) as RunningClock;
const at = (s: number) => BEGAN + s * 1000;

test("a clock runs, warns at its share, and is breached after its target", () => {
  expect([0, 449, 450, 600, 601].map((s) => readClock(clock(), at(s)).state)).toEqual([
    "running",
    "running",
    "warned",
    "warned",
    "breached",
  ]);
  expect(readClock(clock(), at(660)).left_s).toBe(-60);
});

test("one that ended stands still, met or missed", () => {
  const met = clock({ ended_at: "2026-11-22T08:05:00Z" });
  expect(readClock(met, at(9999))).toEqual({ state: "met", left_s: 300, share: 0.5 });
  expect(readClock(clock({ ended_at: "2026-11-22T08:11:00Z" }), at(9999)).state).toBe("missed");
});

test("a call that rings has the answer's target running, warns, and is breached", () => {
  const rings = answerClock("2026-11-22T08:00:00Z", {
    title: { kk: "Ж", ru: "О", en: "A" },
    target_s: 15,
    warn_s: 11.25,
  });
  expect(rings).not.toBeNull();
  const states = [1, 12, 15, 16].map((s) => readClock(rings as RunningClock, at(s)).state);
  expect(states).toEqual(["running", "warned", "warned", "breached"]);
  expect(answerClock("2026-11-22T08:00:00Z", null)).toBeNull();
});

test("what is breached stands first, then what ends soonest", () => {
  const names = byUrgency(
    [
      clock({ name: "slow", target_s: 3600, warn_s: 3000 }),
      clock({ name: "soon" }),
      clock({ name: "late", target_s: 60, warn_s: 45 }),
    ],
    at(120),
  ).map((one) => one.name);
  expect(names).toEqual(["late", "soon", "slow"]);
});

test("a server's clock before the beginning shows the whole target", () => {
  expect(readClock(clock(), at(-5)).left_s).toBe(600);
});
