import { expect, test } from "vitest";
import type { AreaNode } from "../../api/access";
import { others } from "./HandOver";

const area = (id: number, parent_id: number | null) => ({ id, parent_id }) as AreaNode;
const TREE = [area(1, null), area(2, 1), area(3, 1), area(21, 2), area(22, 2)];
const ids = (own: number | undefined) => others(TREE, own).map(({ id }) => id);

test("a call goes to areas beside and below its own; those that hold it see it as it is", () => {
  expect(ids(21)).toEqual([3, 22]);
  expect(ids(2)).toEqual([3, 21, 22]);
  expect(ids(1)).toEqual([2, 3, 21, 22]);
});

test("a call of no area may go to any", () => {
  expect(ids(undefined)).toEqual([1, 2, 3, 21, 22]);
});
