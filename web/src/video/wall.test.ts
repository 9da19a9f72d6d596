import { expect, test } from "vitest";
import { createWall, readHung, turned } from "./wall";

test("a camera is hung up and taken down, and the wall grows with them", () => {
  const four = { layout: 4, ids: [1, 2, 3, 4] } as const;
  expect(turned(four, 5)).toEqual({ layout: 9, ids: [1, 2, 3, 4, 5] });
  expect(turned(four, 2)).toEqual({ layout: 4, ids: [1, 3, 4] });
  const full = { layout: 16, ids: Array.from({ length: 16 }, (_, n) => n) } as const;
  expect(turned(full, 99)).toEqual(full);
});

test("whatever else was kept is an empty wall", () => {
  for (const strange of [null, "", "{}", '{"layout":5,"ids":[]}', '{"layout":4,"ids":"x"}'])
    expect(readHung(strange)).toEqual({ layout: 4, ids: [] });
  expect(readHung('{"layout":1,"ids":[1,"x",2.5]}')).toEqual({ layout: 1, ids: [1] });
});

test("each account has a wall of its own", () => {
  const kept = new Map<string, string>();
  const store = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, to: string) => void kept.set(key, to),
  };
  createWall(() => 1, store).turn(7);
  expect(createWall(() => 1, store).hung.value.ids).toEqual([7]);
  expect(createWall(() => 2, store).hung.value.ids).toEqual([]);
});
