import { signal } from "@preact/signals";
import { beforeEach, expect, test, vi } from "vitest";
import type { Cut, GroundAnswer } from "../api/coverage";
import { createInterest } from "./interest";

const SQUARE: [number, number][] = [
  [76.9, 43.2],
  [76.9, 43.3],
  [77, 43.3],
];
const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  const store = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
  };
  vi.stubGlobal("localStorage", store);
});

function house() {
  const account = signal<{ id: number } | null>({ id: 3 });
  const groundSeen = vi.fn(async () => ({ features: [] }) as unknown as GroundAnswer);
  const drawing = { draw: vi.fn(async () => SQUARE.map(([lon, lat]) => ({ lon, lat }))) };
  const purpose = signal("situation");
  const desk = { account } as never;
  return {
    account,
    groundSeen,
    purpose,
    interest: createInterest({ client: { groundSeen }, desk, drawing }, signal<Cut>("purposes"), purpose),
  };
}

test("an area that is drawn is asked about at once, and again for another purpose", async () => {
  const { interest, groundSeen, purpose } = house();
  await interest.draw();
  expect(groundSeen).toHaveBeenLastCalledWith({ corners: SQUARE, cut: "purposes", purpose: "situation" });
  purpose.value = "plate";
  expect(groundSeen).toHaveBeenLastCalledWith(expect.objectContaining({ purpose: "plate" }));
  interest.leave();
  purpose.value = "person";
  expect(groundSeen).toHaveBeenCalledTimes(2);
});

test("an area is kept by its name for the account alone, and taken away", async () => {
  const { interest, account } = house();
  interest.look(SQUARE);
  interest.keep(" Bazaar ");
  interest.keep("Bazaar");
  expect(house().interest.kept.value).toEqual([{ name: "Bazaar", corners: SQUARE }]);
  account.value = { id: 4 };
  expect([interest.kept.value, interest.corners.value]).toEqual([[], null]);
  account.value = { id: 3 };
  interest.drop("Bazaar");
  expect(house().interest.kept.value).toEqual([]);
});

test("what something else wrote there is passed over", () => {
  kept.set("qyran.interest.3", "{no list");
  expect(house().interest.kept.value).toEqual([]);
});
