import { expect, test } from "vitest";
import type { Call } from "../api/calls";
import type { FoundPlace } from "../api/geocode";
import { asAddress, callsInOrder, chosenPlace, openingOf, tidy, waitingBy, waits, withDraft, writable } from "./calls";

const call = (part: Partial<Call>) =>
  ({
    id: 1,
    state: "ringing",
    answered_by: null,
    ours: true,
    rang_at: "2026-11-22T08:00:00Z",
    said: "",
    answers: {},
    ...part,
  }) as Call;
const title = (text: string) => ({ kk: text, ru: text, en: text });
const found = (kind: FoundPlace["kind"]) =>
  ({ kind, title: title("ЦУМ"), detail: title("Абылай хан 62"), place: { lon: 76.9, lat: 43.2 } }) as FoundPlace;

test("whoever rings longest stands on top, and what ended last stands above what ended before", () => {
  const calls = [
    call({ id: 1, state: "ended", rang_at: "2026-11-22T07:00:00Z" }),
    call({ id: 2, state: "ended", rang_at: "2026-11-22T07:30:00Z" }),
    call({ id: 3, state: "answered", answered_by: "aigul", rang_at: "2026-11-22T07:50:00Z" }),
    call({ id: 4, rang_at: "2026-11-22T08:00:02Z" }),
    call({ id: 5, rang_at: "2026-11-22T08:00:01Z" }),
  ];
  expect(callsInOrder(calls).map((one) => one.id)).toEqual([5, 4, 3, 2, 1]);
});

test("a call that was handed here waits like one that rings, and one that was handed on waits for nobody here", () => {
  const here = call({ id: 1, state: "answered", rang_at: "2026-11-22T07:59:00Z" });
  const gone = call({ id: 2, ours: false, rang_at: "2026-11-22T07:00:00Z" });
  const rings = call({ id: 3 });
  expect([here, gone, rings].map(waits)).toEqual([true, false, true]);
  expect(callsInOrder([gone, rings, here]).map((one) => one.id)).toEqual([1, 3, 2]);
});

test("what is typed stands over what was kept, and an answer leaves the other answers", () => {
  const kept = call({ said: "smoke", answers: { injured: "2" } });
  const shown = withDraft(kept, { said: "smoke and fire", answers: { trapped: "yes" } });
  expect(shown.said).toBe("smoke and fire");
  expect(shown.answers).toEqual({ injured: "2", trapped: "yes" });
});

test("a common name is kept beside its address, and a chosen point has no radius of the phone", () => {
  expect(chosenPlace(found("common_name"), "ru")).toMatchObject({
    common_name: "ЦУМ",
    address: "Абылай хан 62, ЦУМ",
    placed_by: "common_name",
    radius_m: null,
  });
});

test("a common name is forgotten when an address is chosen afterwards", () => {
  expect(chosenPlace(found("address"), "ru")).toMatchObject({ common_name: null, radius_m: null });
});

test("somewhere in a street or an area is within half its diagonal, as far as the server takes it", () => {
  const street = { ...found("street"), extent: { west: 76.9, east: 76.9, south: 43.2, north: 43.22 } };
  expect(chosenPlace(street, "ru").radius_m).toBe(1112);
  const country = { ...found("area"), extent: { west: 46, east: 87, south: 40, north: 55 } };
  expect(chosenPlace(country, "ru").radius_m).toBe(1_000_000);
});

test("a field that was emptied is taken away", () => {
  expect(tidy({ phone: " ", caller_name: "Aigul", said: "" })).toEqual({ phone: null, caller_name: "Aigul", said: "" });
});

test("nothing opens without a category and a place", () => {
  expect(openingOf(call({ category: "fire", place: null }))).toBeNull();
  expect(openingOf(call({ category: null, place: { lon: 1, lat: 2 } }))).toBeNull();
  expect(openingOf(call({ category: "fire", place: { lon: 1, lat: 2 }, said: "  " }))).toEqual({
    category: "fire",
    place: { lon: 1, lat: 2 },
  });
});

test("an address longer than the server takes is cut by whole letters before it is sent", () => {
  const long = { ...found("place"), detail: title("улица ".repeat(50)) };
  expect(chosenPlace(long, "ru").address).toHaveLength(200);
  expect([...asAddress("🏠".repeat(300))]).toHaveLength(200);
});

test("who speaks with the caller writes on after the incident was opened, until the line ends", () => {
  const opened = { state: "answered", answered_by: "aigul", incident_id: 7 } as const;
  expect(writable(call({ ...opened, incident_id: null }), "berik")).toEqual({ said: true, where: true });
  expect(writable(call(opened), "aigul")).toEqual({ said: true, where: false });
  expect(writable(call(opened), "berik").said).toBe(false);
  expect(writable(call({ ...opened, state: "ended" }), "aigul").said).toBe(false);
  expect(writable(call({ state: "ringing", incident_id: null }), "aigul").said).toBe(false);
});

test("only what another area handed here is told as handed", () => {
  const handed = { from: { id: 1, name: title("a") }, at: "", by: "", reason: "" };
  const calls = [call({}), call({ state: "answered", handed: null }), call({ state: "answered", handed })];
  expect(waitingBy(calls)).toEqual({ ringing: 1, taken: 1, handed: 1 });
});
