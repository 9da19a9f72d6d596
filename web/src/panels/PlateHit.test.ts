import { expect, test } from "vitest";
import { groundsOf } from "./PlateHit";

test("a hit tells its plate and what its entry rests on", () => {
  const details = { entry: 7, plate: "123ABC02", wanted: "stolen", legal_basis: "ERDR 1", owner: "Medeu", reads: 3 };
  expect(groundsOf({ details })).toEqual({
    entry: 7,
    plate: "123ABC02",
    wanted: "stolen",
    grounds: "ERDR 1",
    owner: "Medeu",
  });
});

test("details that are something else are told as nothing", () => {
  const details = { entry: "7", plate: { a: 1 }, owner: null };
  expect(groundsOf({ details })).toEqual({ entry: null, plate: "", wanted: "", grounds: "", owner: "" });
});
