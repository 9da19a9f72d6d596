import { expect, test } from "vitest";
import { endOfDay } from "./NewEntry";

test("a day ends where the plates are looked for, wherever the window stands", () => {
  expect(endOfDay("2026-12-31")).toBe("2026-12-31T19:00:00.000Z");
});
