import { expect, test } from "vitest";
import type { AreaNode } from "../api/access";
import { branches, within } from "./area_tree";

const area = (id: number, parent_id: number | null, ru: string, code = `KZ-${id}`): AreaNode => ({
  id,
  code,
  level: 1,
  parent_id,
  name: { kk: ru, ru, en: ru },
});
const TREE = [
  area(1, 9, "Казахстан"),
  area(4, 2, "Медеуский"),
  area(3, 1, "Астана"),
  area(2, 1, "Алматы"),
  area(5, 2, "Алёнки"),
];
const shown = (search = "") => branches(TREE, "ru", search).map(({ area, depth, found }) => [area.id, depth, found]);

test("each area stands under its parent, siblings by name; one whose parent may not be entered stands at the top", () => {
  expect(shown()).toEqual([
    [1, 0, true],
    [2, 1, true],
    [5, 2, true],
    [4, 2, true],
    [3, 1, true],
  ]);
});

test("a search leaves what it finds and the way to it", () => {
  expect(shown("медеу")).toEqual([
    [1, 0, false],
    [2, 1, false],
    [4, 2, true],
  ]);
});

test("the code finds as well, and е finds ё", () => {
  expect(shown("kz-3").map(([id]) => id)).toEqual([1, 3]);
  expect(shown("аленки").map(([id]) => id)).toEqual([1, 2, 5]);
});

test("what is nowhere leaves nothing", () => {
  expect(shown("Лондон")).toEqual([]);
});

test("within an area is itself and all below it, however deep", () => {
  expect(within(TREE, 1).map((area) => area.id)).toEqual([1, 4, 3, 2, 5]);
  expect(within(TREE, 2).map((area) => area.id)).toEqual([4, 2, 5]);
});
