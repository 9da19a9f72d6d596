/** A past interval as it travels: columns of equal length, moments in ms since 1970 UTC; and frames of where units drove. */
import type { Ask } from "./ask";

export type Past = {
  from: string;
  to: string;
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
};

/** The questions about the past. */
export function replayQuestions(ask: Ask) {
  const stamp = (at_ms: number) => encodeURIComponent(new Date(at_ms).toISOString());
  return {
    past: (from_ms: number, to_ms: number) => ask<Past>("GET", `/api/replay?from=${stamp(from_ms)}&to=${stamp(to_ms)}`),
    tracks: async (at_ms: number, seconds: number) => {
      const path = `/api/replay/tracks?at=${stamp(at_ms)}&seconds=${seconds}`;
      return (await ask<Blob>("GET", path, { file: true })).arrayBuffer();
    },
  };
}
