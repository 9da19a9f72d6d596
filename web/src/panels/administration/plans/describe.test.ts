import { beforeEach, expect, test } from "vitest";
import { language } from "../../../words/words";
import { difference, linesOf, type Names, needLine } from "./describe";

beforeEach(() => {
  language.value = "en";
});
const names: Names = {
  entry: (part, name) => `${part} ${name}`,
  service: (service) => `the ${service}`,
  kind: (kind) => kind.toUpperCase(),
  skill: (skill) => `to ${skill}`,
};
const need = (count: number, kinds: string[] = [], skills: string[] = []) => ({
  service: "fire",
  count,
  kinds,
  skills,
});
const part = (...needs: ReturnType<typeof need>[]) => ({ needs, told: ["chief"], checklists: [], asks: [] });
const plan = { clocks: ["call"], reacts: [], cameras_radius_m: 300, around_m: 150 };

test("a need is told in one line, by kind where one is named and by service where none is", () => {
  expect(needLine(need(2, ["ladder", "fire_engine"], ["heights"]), names)).toBe(
    "2 × LADDER / FIRE_ENGINE (to heights)",
  );
  expect(needLine(need(1), names)).toBe("1 × the fire");
});

test("what changed in a plan is told by the level that it is in", () => {
  const before = linesOf("plans", { ...plan, levels: [part(need(2, ["ladder"])), part()] }, names);
  const after = linesOf(
    "plans",
    { ...plan, cameras_radius_m: 500, levels: [part(need(3, ["ladder"])), part()] },
    names,
  );
  expect(difference(before, after).map(({ sign, text }) => `${sign} ${text}`)).toEqual([
    "- Cameras within, m: 300",
    "+ Cameras within, m: 500",
    "- Alarm level 1 › Who is sent: 2 × LADDER",
    "+ Alarm level 1 › Who is sent: 3 × LADDER",
  ]);
});

test("an entry that was not there comes whole, and what is the same is not told", () => {
  const group = { title: { kk: "Газ", ru: "Газ", en: "Gas" } };
  expect(linesOf("groups", undefined, names)).toEqual([]);
  expect(difference([], linesOf("groups", group, names))).toHaveLength(3);
  expect(difference(["a", "b"], ["a", "b"])).toEqual([]);
});

test("a line that moved goes in one place and comes in another", () => {
  expect(difference(["a", "b", "c"], ["c", "a", "b"])).toEqual([
    { sign: "+", text: "c" },
    { sign: "-", text: "c" },
  ]);
});
