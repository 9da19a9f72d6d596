import { expect, test } from "vitest";
import type { AccountRow, Role, Session } from "../../api/access";
import { releases } from "./AccountDetail";

const who = (id: number, role: Role, area_id: number) => ({ account: { id, role, area: { id: area_id } } }) as Session;
const locked = { id: 9, area: { id: 20 } } as AccountRow;

test("a commander releases below their own area and not beside themselves", () => {
  expect(releases(who(1, "commander", 1), locked)).toBe(true);
  expect(releases(who(1, "commander", 20), locked)).toBe(false);
});

test("an administrator releases in their own area too, and nobody themselves", () => {
  expect(releases(who(1, "administrator", 20), locked)).toBe(true);
  expect(releases(who(9, "administrator", 20), locked)).toBe(false);
  expect(releases(null, locked)).toBe(false);
});
