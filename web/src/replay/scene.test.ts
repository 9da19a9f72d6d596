import { expect, test } from "vitest";
import type { Past } from "../api/replay";
import { stage } from "./scene";

const PAST: Past = {
  from: "1970-01-01T00:00:00Z",
  to: "1970-01-01T00:00:01Z",
  until: "1970-01-01T00:00:01Z",
  cut: [],
  units: { id: [5, 6], call_sign: ["102-1", "103-1"], service: ["police", "ambulance"], kind: ["car", "car"] },
  unit_states: { unit: [0, 0, 0, 1], since: [null, 200, 600, 300], status: ["free", "enroute", "free", "free"] },
  events: {
    id: [1],
    kind: ["smoke"],
    at: [90],
    received_at: [100],
    decided_at: [400],
    state: ["confirmed"],
    incident_id: [9],
    lon: [76.9],
    lat: [43.2],
  },
  calls: { id: [4, 5], line: ["112", ""], incident_id: [9, null] },
  call_states: {
    call: [0, 0, 0, 0, 1],
    since: [110, 120, 150, 180, 120],
    state: ["ringing", "ringing", "answered", "ended", "ringing"],
    placed_by: ["none", "aml", "aml", "aml", "none"],
    lon: [null, 76.9, 76.9, 76.9, null],
    lat: [null, 43.2, 43.2, 43.2, null],
    radius_m: [null, 40, 40, 40, null],
  },
  incidents: { id: [9], number: ["26-1"], address: [null], opened_at: [150], closed_at: [700] },
  incident_states: {
    incident: [0, 0, 0],
    since: [150, 200, 700],
    state: ["pending", "enroute", "closed"],
    category: ["fire", "fire", "fire"],
    priority: [2, 1, 1],
    alarm: [1, 1, 1],
    lon: [76, 77, 77],
    lat: [43, 43, 43],
  },
  dispatches: { id: [3], incident_id: [9], unit_id: [5] },
  dispatch_states: { dispatch: [0, 0], at: [200, 600], status: ["enroute", "clear"] },
  moves: { what: [], id: [], incident_id: [], until: [] },
};

test("each moment shows what had begun and had not ended", () => {
  const at = stage(PAST);
  expect(at(50).incidents).toEqual([]);
  expect(at(160).incidents.map((one) => [one.state, one.priority, one.lon])).toEqual([["pending", 2, 76]]);
  expect(at(250).incidents.map((one) => [one.state, one.priority, one.lon])).toEqual([["enroute", 1, 77]]);
  expect(at(700).incidents).toEqual([]);
});

test("a unit stands as it stood, and is off duty before anything is known of it", () => {
  const at = stage(PAST);
  expect([...at(100).units.values()].map((unit) => unit.status)).toEqual(["free", "off"]);
  expect([...at(300).units.values()].map((unit) => unit.status)).toEqual(["enroute", "free"]);
  expect([...at(900).units.values()].map((unit) => unit.status)).toEqual(["free", "free"]);
});

test("an event is new until somebody decided", () => {
  const at = stage(PAST);
  expect([99, 100, 399, 400].map((moment) => at(moment).rows.events?.size)).toEqual([0, 1, 1, 0]);
});

test("a unit is bound to its incident while its dispatch is open", () => {
  const at = stage(PAST);
  expect(at(250).incidents[0]?.units.map((unit) => unit.call_sign)).toEqual(["102-1"]);
  expect(at(650).incidents[0]?.units).toEqual([]);
});

test("a unit is bound to the incident that its dispatch belonged to then", () => {
  const incidents = { ...PAST.incidents, id: [9, 8], number: ["26-1", "26-2"], address: [null, null] };
  const { incident_states } = PAST;
  const states = Object.fromEntries(
    Object.entries(incident_states).map(([name, values]) => [name, [...values, name === "incident" ? 1 : values[0]]]),
  ) as Past["incident_states"];
  const what: Past["moves"]["what"] = ["call", "dispatch", "dispatch"];
  const moves = { what, id: [3, 3, 3], incident_id: [7, 8, 7], until: [500, 300, 400] };
  const at = stage({ ...PAST, incidents, incident_states: states, moves });
  const bound = (moment: number) => at(moment).bound.map((one) => one.incident_id);
  expect([250, 299, 300, 399, 400, 599].map(bound)).toEqual([[8], [8], [7], [7], [9], [9]]);
  expect(at(250).incidents.map((one) => [one.id, one.units.length])).toEqual([
    [9, 0],
    [8, 1],
  ]);
});

test("a call stands while it is on the line, in its circle once somebody knew where", () => {
  const at = stage(PAST);
  expect(at(100).calls).toEqual([]);
  expect(at(115).calls.map((call) => [call.state, call.place])).toEqual([["ringing", null]]);
  expect(at(115).rows.calls?.size).toBe(0);
  expect(at(160).rows.calls?.get(4)?.properties).toEqual({ state: "answered", radius_m: 40 });
  expect(at(160).calls.map((call) => call.id)).toEqual([4, 5]);
  expect(at(180).calls.map((call) => call.id)).toEqual([5]);
});
