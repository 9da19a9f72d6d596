import { expect, test } from "vitest";
import { type Field, needed, partOf } from "./bench";

type Plan = { around_m: number; urgency: Record<"I" | "II", number> };

/** A field that keeps what it is changed to. */
function kept<T>(value: T): Field<T> & { now: () => T } {
  let now = value;
  return { value, where: "plans.fire", change: (next) => (now = next), now: () => now };
}

test("a part of a value is a field of its own: it stands in the value, and changes nothing beside it", () => {
  const plan = kept<Plan>({ around_m: 150, urgency: { I: 600, II: 900 } });
  const { value, where, change } = partOf(partOf(plan, "urgency"), "II");
  expect([value, where]).toEqual([900, "plans.fire.urgency.II"]);
  change(1200);
  expect(plan.now()).toEqual({ around_m: 150, urgency: { I: 600, II: 1200 } });
  expect(plan.value.urgency.II).toBe(900);
});

test("nothing is not taken over where it cannot be", () => {
  const clock = kept("travel");
  needed(clock).change(null);
  expect(clock.now()).toBe("travel");
  needed(clock).change("turnout");
  expect(clock.now()).toBe("turnout");
});
