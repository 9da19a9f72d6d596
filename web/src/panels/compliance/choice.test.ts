import { expect, test } from "vitest";
import { asked, type Counts } from "../../api/compliance";
import { cameraOf, depths, inTree, partOf, percent } from "./choice";

const counts = (meets: number, cameras = 10, not_asked = 0): Counts => ({
  cameras,
  meets,
  breaks: cameras - meets - not_asked,
  cannot_tell: 0,
  not_asked,
});
const area = (id: number, parent_id: number | null, name: string) => ({
  area: { id, name: { kk: name, ru: name, en: name } },
  parent_id,
  level: 1,
  counts: counts(1),
});

test("a camera's number in the address opens it beside the list", () => {
  expect([partOf("12"), cameraOf("12")]).toEqual(["cameras", 12]);
  expect([partOf("owners"), cameraOf("owners")]).toEqual(["owners", null]);
  expect(partOf("nonsense")).toBe("areas");
});

test("what meets is never rounded up, and of nobody there is no share", () => {
  expect(percent(counts(999, 1000))).toBe(99);
  expect(percent(counts(5, 10, 5))).toBe(100);
  expect(percent(counts(0, 4, 4))).toBeNull();
});

test("areas are read from top to bottom, each before those below it, whatever order they came in", () => {
  const told = inTree(
    [area(1, null, "KZ"), area(3, 2, "B"), area(2, 1, "A"), area(4, 2, "A")],
    (one) => one.area.name.en,
  );
  expect(told.map((one) => one.area.id)).toEqual([1, 2, 4, 3]);
  expect([...depths(told).values()]).toEqual([0, 1, 2, 2]);
  expect(inTree([area(7, 1, "alone")], (one) => one.area.name.en)).toHaveLength(1);
});

test("cameras that are nobody's are asked for by an empty owner, those of all by none", () => {
  expect(asked({ owner: null })).toBe("");
  expect(asked({ owner: "" })).toBe("?owner=");
  expect(asked({ area_id: 3, owner: "ТРЦ & К°" }, { past: 0 })).toBe(
    "?area_id=3&owner=%D0%A2%D0%A0%D0%A6+%26+%D0%9A%C2%B0&past=0",
  );
  expect(asked({ area_id: 3, owner: "" })).toBe("?area_id=3&owner=");
});
