import { expect, test } from "vitest";
import { readEquipment, readSkills, writeEquipment } from "./equipment";

test("what is typed is what is kept, and is read back as it was", () => {
  const kept = { ladder: 2, foam: 1, "hose 77 mm": 1 };
  expect(readEquipment("ladder 2, foam, hose 77 mm")).toEqual(kept);
  expect(readEquipment(writeEquipment(kept))).toEqual(kept);
});

test("a skill is told once, and an empty word is none", () => {
  expect(readSkills("diver, , diver; alpine\nchemist")).toEqual(["diver", "alpine", "chemist"]);
  expect(readEquipment("")).toEqual({});
});
