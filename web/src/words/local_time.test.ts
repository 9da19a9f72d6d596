import { expect, test } from "vitest";
import { instant } from "../panels/audit/filter";
import { toLocal } from "./local_time";

test("a field shows the time of the country, whatever the machine's zone, and is read back as it was", () => {
  expect(toLocal("2026-11-22T08:30:00Z")).toBe("2026-11-22T13:30");
  expect(instant(toLocal("2025-12-31T21:00:00Z"))).toBe("2025-12-31T21:00:00.000Z");
});
