import { expect, test } from "vitest";
import type { IncidentBrief, QyranEvent, Unit } from "../api/types";
import { after, aroundOf, incidentsInOrder, inOrder, pick, step } from "./queue";

const event = (id: number, priority: number | null, at: string) =>
  ({ id, at, proposal: priority === null ? null : { action: "open", category: "other", priority } }) as QyranEvent;
const unit = (id: number, call_sign: string, service: string, status: string) =>
  ({ id, call_sign, service, status, dispatch: status === "free" ? null : {} }) as Unit;

test("the most urgent event stands on top, the newest first among equals", () => {
  const events = [
    event(1, 3, "2026-01-01T10:00:00Z"),
    event(2, 1, "2026-01-01T09:00:00Z"),
    event(3, 3, "2026-01-01T11:00:00Z"),
  ];
  expect(inOrder(events).map(({ id }) => id)).toEqual([2, 3, 1]);
});

test("an event that would join takes the urgency of its incident", () => {
  const joins = {
    id: 9,
    at: "2026-01-01T08:00:00Z",
    proposal: { action: "join", incident: { priority: 1 } },
  } as QyranEvent;
  expect(inOrder([event(1, 2, "2026-01-01T10:00:00Z"), joins]).map(({ id }) => id)).toEqual([9, 1]);
});

test("an event without a proposal comes last and is not lost", () => {
  expect(
    inOrder([event(1, null, "2026-01-01T10:00:00Z"), event(2, 4, "2026-01-01T09:00:00Z")]).map(({ id }) => id),
  ).toEqual([2, 1]);
});

test("an incident that waits for a unit stands above its equals", () => {
  const incident = (id: number, priority: number, state: string) =>
    ({ id, priority, state, opened_at: "2026-01-01T10:00:00Z" }) as IncidentBrief;
  const order = incidentsInOrder([incident(1, 2, "enroute"), incident(2, 2, "pending"), incident(3, 1, "onscene")]);
  expect(order.map(({ id }) => id)).toEqual([3, 2, 1]);
});

test("J and K stop at the ends of the list and begin at its top", () => {
  expect(step([4, 5, 6], null, 1)).toBe(4);
  expect(step([4, 5, 6], 5, 1)).toBe(6);
  expect(step([4, 5, 6], 6, 1)).toBe(6);
  expect(step([4, 5, 6], 4, -1)).toBe(4);
  expect(step([], 4, 1)).toBeNull();
});

test("when an event leaves, the one after it is selected, or the last", () => {
  expect(after([4, 5, 6], 5)).toBe(6);
  expect(after([4, 5, 6], 6)).toBe(5);
  expect(after([4], 4)).toBeNull();
});

test("units are picked by service, status and call sign, those on task first", () => {
  const units = [
    unit(1, "Патруль 10", "police", "free"),
    unit(2, "Патруль 9", "police", "free"),
    unit(3, "АЦ-4", "fire", "enroute"),
  ];
  const all = { service: null, status: null, text: "" };
  expect(pick(units, all).map(({ id }) => id)).toEqual([3, 2, 1]);
  expect(pick(units, { ...all, service: "police" })).toHaveLength(2);
  expect(pick(units, { ...all, status: "enroute" }).map(({ id }) => id)).toEqual([3]);
  expect(pick(units, { ...all, text: " патруль 1" }).map(({ id }) => id)).toEqual([1]);
});

test("what stands around an incident changes when one opens near it, and not with one across the town", () => {
  const at = (id: number, lat: number) =>
    ({ id, category: "fire", state: "pending", place: { lon: 76.9, lat } }) as IncidentBrief;
  const own = at(1, 43.2);
  const before = aroundOf([own, at(2, 43.4)], own);
  expect(before).toBe("");
  expect(aroundOf([own, at(2, 43.4), at(3, 43.21)], own)).not.toBe(before);
});
