import { expect, test } from "vitest";
import type { Incident } from "../api/types";
import { nextAct } from "./next_act";

const incident = (state: string, bound = true) =>
  ({ state, dispatches: [{ next: bound ? ["clear"] : [] }] }) as unknown as Incident;

test("what waits for a unit is dispatched, and so is what still lacks one", () => {
  expect(nextAct(incident("pending", false), 0)).toBe("dispatch");
  expect(nextAct(incident("enroute"), 2)).toBe("dispatch");
});

test("nothing is asked for while crews are on their way", () => {
  expect(nextAct(incident("enroute"), 0)).toBeNull();
});

test("what is on scene comes under control, is cleared, and is closed when nobody is bound any more", () => {
  expect(nextAct(incident("onscene"), 0)).toBe("under_control");
  expect(nextAct(incident("under_control"), 0)).toBe("clearing");
  expect(nextAct(incident("onscene", false), 0)).toBe("close");
  expect(nextAct(incident("clearing"), 0)).toBe("close");
});

test("what has ended is reopened, and what was merged leads to the one that goes on", () => {
  expect(nextAct(incident("closed", false), 0)).toBe("reopen");
  expect(nextAct(incident("cancelled", false), 0)).toBe("reopen");
  expect(nextAct(incident("merged", false), 0)).toBe("survivor");
});
