import { expect, test } from "vitest";
import type { Unit } from "../api/types";
import { wroteNew } from "./crews";

const unit = (id: number, unread?: Unit["unread"]) => ({ id, call_sign: `U-${id}`, unread }) as Unit;

test("a crew that wrote is told of once, and again when it writes more", () => {
  const heard = new Map<number, number>([[2, 7]]);
  const wrote = (units: Unit[]) => wroteNew(units, heard).map((one) => one.id);
  expect(wrote([unit(1, { count: 1, newest: 4 }), unit(2, { count: 3, newest: 7 }), unit(3, null), unit(4)])).toEqual([
    1,
  ]);
  expect(wrote([unit(2, { count: 1, newest: 8 })])).toEqual([2]);
});
