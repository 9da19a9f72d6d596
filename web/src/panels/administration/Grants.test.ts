import { expect, test } from "vitest";
import type { Grant } from "../../api/access";
import { grantState } from "./Grants";

test("a grant holds between its times, unless it was revoked", () => {
  const times = { begins_at: "2026-11-21T10:00:00Z", ends_at: "2026-11-21T12:00:00Z", revoked_at: null };
  const at = (time: string, over = {}) => grantState({ ...times, ...over } as Grant, Date.parse(`2026-11-21T${time}Z`));
  expect([at("09:00:00"), at("11:00:00"), at("12:00:00")]).toEqual(["coming", "holds", "over"]);
  expect(at("11:00:00", { revoked_at: "2026-11-21T10:30:00Z" })).toBe("revoked");
});
