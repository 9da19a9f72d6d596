import { expect, test } from "vitest";
import { standing } from "./standing";

test("a clip that the disk does not take is hindered, not being made", () => {
  expect(standing({ state: "waiting", reason: "disk_full" })).toBe("hindered");
  expect(standing({ state: "waiting", reason: null })).toBe("waiting");
  expect(standing({ state: "missing", reason: "disk_full" })).toBe("missing");
  expect(standing(null)).toBe("waiting");
});
