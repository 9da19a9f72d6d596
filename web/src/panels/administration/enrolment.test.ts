import { expect, test } from "vitest";
import type { EnrolledUnit } from "../../api/enrolment";
import { changeOf, foundUnits, kindsOf, listedUnits, unitIn } from "./enrolment";

const title = (word: string) => ({ kk: word, ru: word, en: word });
const unit = (call_sign: string, more: Partial<EnrolledUnit> = {}): EnrolledUnit => ({
  id: 1,
  call_sign,
  device: `tracker-${call_sign}`,
  service: "police",
  kind: "patrol_car",
  crew: 2,
  bound: false,
  home_area_id: 7,
  home: title("Medeu"),
  station_id: null,
  station: null,
  retired_at: null,
  ...more,
});

test("units in use come first, by their call sign as people count", () => {
  const all = [unit("102-10"), unit("102-9"), unit("102-1", { retired_at: "2026-01-01T00:00:00Z" })];
  expect(listedUnits(all).map((one) => one.name)).toEqual(["102-9", "102-10", "102-1"]);
});

test("a unit is found by what it carries and where it is at home", () => {
  const all = listedUnits([unit("102-1"), unit("103-1", { home: title("Almaly"), station: title("RUP") })]);
  expect(foundUnits(all, "MEDEU tracker", "en").map((one) => one.name)).toEqual(["102-1"]);
  expect(foundUnits(all, "rup", "en").map((one) => one.name)).toEqual(["103-1"]);
  expect(foundUnits(all, "", "en")).toHaveLength(2);
});

test("a form says what differs, and that the station is taken away", () => {
  const fields = { call_sign: " 102-1 ", device: "tracker-102-1", service: "police", kind: "patrol_car" };
  const same = unitIn({ ...fields, crew: "5", home_area_id: "7", station_id: "" });
  expect(changeOf(unit("102-1"), same)).toBeNull();
  expect(changeOf(unit("102-2", { station_id: 3 }), same)).toEqual({
    call_sign: "102-1",
    device: "tracker-102-1",
    station_id: null,
  });
});

test("a kind that nobody knows stays offered to the unit that is of it", () => {
  const known = { patrol_car: { title: title("car"), service: "police" } };
  expect(kindsOf(known, "police")).toEqual(["patrol_car"]);
  expect(kindsOf(known, "police", unit("1", { kind: "car" }))).toEqual(["car", "patrol_car"]);
  expect(kindsOf(known, "fire", unit("1", { kind: "car" }))).toEqual([]);
});
