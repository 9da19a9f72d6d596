/** A past interval as it travels: columns of equal length, moments in ms since 1970 UTC; and frames of where units drove. */
import type { Ask } from "./ask";

export type Past = {
  from: string;
  to: string;
  /** What is told ends here, where only a part was asked for. */
  until: string;
  /** Lists that were too long to be whole. */
  cut: string[];
  units: { id: number[]; call_sign: string[]; service: string[]; kind: string[] };
  unit_states: { unit: number[]; since: (number | null)[]; status: string[] };
  events: {
    id: number[];
    kind: string[];
    at: number[];
    received_at: number[];
    decided_at: (number | null)[];
    state: string[];
    incident_id: (number | null)[];
    lon: number[];
    lat: number[];
  };
  /** None for a role that sees no calls. */
  calls: { id: number[]; line: string[]; incident_id: (number | null)[] };
  call_states: {
    call: number[];
    since: number[];
    state: ("ringing" | "answered" | "ended")[];
    placed_by: string[];
    lon: (number | null)[];
    lat: (number | null)[];
    radius_m: (number | null)[];
  };
  incidents: {
    id: number[];
    number: string[];
    address: (string | null)[];
    opened_at: number[];
    closed_at: (number | null)[];
  };
  incident_states: {
    incident: number[];
    since: number[];
    state: string[];
    category: string[];
    priority: number[];
    alarm: number[];
    lon: number[];
    lat: number[];
  };
  dispatches: { id: number[]; incident_id: number[]; unit_id: number[] };
  dispatch_states: { dispatch: number[]; at: number[]; status: string[] };
  /** Until then that one belonged to this incident, of several the earliest to come; after the last as its list says. */
  moves: { what: ("event" | "call" | "dispatch")[]; id: number[]; incident_id: number[]; until: number[] };
};

/** The questions about the past. */
export function replayQuestions(ask: Ask) {
  const stamp = (at_ms: number) => encodeURIComponent(new Date(at_ms).toISOString());
  return {
    /** So many seconds of an interval from its beginning. */
    past: (from_ms: number, to_ms: number, seconds: number) =>
      ask<Past>("GET", `/api/replay?from=${stamp(from_ms)}&to=${stamp(to_ms)}&seconds=${seconds}`),
    tracks: async (at_ms: number, seconds: number) => {
      const path = `/api/replay/tracks?at=${stamp(at_ms)}&seconds=${seconds}`;
      return (await ask<Blob>("GET", path, { file: true })).arrayBuffer();
    },
  };
}
