import { expect, test } from "vitest";
import type { Proposal, Proposals } from "../api/types";
import { behind_s, byNeed, isPlan } from "./plan";

const need = (over: object) => ({
  service: "fire",
  kinds: ["ladder"],
  skills: [],
  asked: 1,
  wanted: 1,
  chosen: [],
  ...over,
});
const proposal = (id: number, of: number, eta_s = 100) => ({ unit: { id }, need: of, eta_s }) as unknown as Proposal;
const found = {
  needs: [need({}), need({ service: "police", kinds: [] })],
  proposals: [proposal(1, 0), proposal(2, 1), proposal(3, 1, 160)],
  shortfall: [
    { service: "fire", kinds: ["ladder"], skills: [], wanted: 1, found: 0, reason: { kk: "", ru: "", en: "" } },
  ],
  chosen: [1, 2],
} as unknown as Proposals;

test("each need has its own units and what it lacks", () => {
  const rows = byNeed(found);
  expect(rows.map((row) => row.proposals.map((one) => one.unit.id))).toEqual([[1], [2, 3]]);
  expect(rows.map((row) => row.shortfall?.found ?? null)).toEqual([0, null]);
});

test("the whole plan is chosen only where exactly its units are", () => {
  expect([new Set([1, 2]), new Set([1]), new Set([1, 2, 3]), new Set([1, 3])].map((set) => isPlan(set, found))).toEqual(
    [true, false, false, false],
  );
});

test("a unit is behind the quickest of its own need", () => {
  const [, row] = byNeed(found);
  expect(row?.proposals.map((one) => behind_s(one, row.proposals))).toEqual([0, 60]);
});
