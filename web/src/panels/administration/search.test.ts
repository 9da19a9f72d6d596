import { expect, test } from "vitest";
import type { AccountRow } from "../../api/access";
import { found } from "./search";

const account = (name: string, role: string, area: string) =>
  ({ name, role, area: { name: { kk: area, ru: area, en: area } } }) as unknown as AccountRow;
const accounts = [account("aigul", "dispatcher", "Almaty"), account("marat", "commander", "Medeu")];

test("every word that is sought must be found somewhere", () => {
  expect(found(accounts, "", "en")).toHaveLength(2);
  expect(found(accounts, "ALMATY disp", "en").map((one) => one.name)).toEqual(["aigul"]);
  expect(found(accounts, "almaty commander", "en")).toEqual([]);
});
