/** How everything stood at one moment of a past interval; pure. */
import type { Past } from "../api/replay";
import type { Feature, Place, Unit } from "../api/types";

const OVER = new Set(["closed", "cancelled", "merged"]);
const UNBOUND = new Set(["clear", "cancelled", "diverted", "refused"]);

/** A unit as the map and the list need to know it. */
export type UnitThen = Pick<Unit, "id" | "call_sign" | "service" | "kind" | "status">;
/** A unit that is bound to an incident. */
export type Bound = { unit_id: number; call_sign: string; incident_id: number; status: string };
export type IncidentThen = {
  id: number;
  number: string;
  address: string | null;
  category: string;
  priority: number;
  state: string;
  lon: number;
  lat: number;
  units: Bound[];
};
/** A call on the line: where its caller was held to be, in a circle of so many metres where that was told. */
export type CallThen = {
  id: number;
  line: string;
  state: "ringing" | "answered";
  placed_by: string;
  place: Place | null;
  radius_m: number | null;
};
export type Scene = {
  units: Map<number, UnitThen>;
  calls: CallThen[];
  incidents: IncidentThen[];
  bound: Bound[];
  rows: Record<string, Map<number, Feature>>;
};

/** For each thing of a list its rows of a longer one, as [first, after the last]; rows of one thing stand together. */
function spans(of: readonly number[], count: number): [number, number][] {
  const found = Array.from({ length: count }, (): [number, number] => [0, 0]);
  of.forEach((thing, row) => {
    const span = found[thing];
    if (!span) return;
    if (span[0] === span[1]) span[0] = row;
    span[1] = row + 1;
  });
  return found;
}

/** The last of these rows that had begun by then; −1 where none had. A null began before anything. */
function last(since: readonly (number | null)[], [first, after]: [number, number], at_ms: number): number {
  let [low, high] = [first, after];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((since[middle] ?? Number.NEGATIVE_INFINITY) <= at_ms) low = middle + 1;
    else high = middle;
  }
  return low - 1 >= first ? low - 1 : -1;
}

/** Prepare an interval once; what comes back tells how it stood at any moment of it. */
export function stage(past: Past): (at_ms: number) => Scene {
  const unit_rows = spans(past.unit_states.unit, past.units.id.length);
  const incident_rows = spans(past.incident_states.incident, past.incidents.id.length);
  const call_rows = spans(past.call_states.call, past.calls.id.length);
  const dispatch_rows = spans(past.dispatch_states.dispatch, past.dispatches.id.length);
  const moved = new Map<number, number[]>();
  past.moves.id.forEach((id, row) => {
    if (past.moves.what[row] === "dispatch") moved.set(id, [...(moved.get(id) ?? []), row]);
  });
  const call_signs = new Map(past.units.id.map((id, n) => [id, past.units.call_sign[n] as string]));

  function unitsAt(at_ms: number): Map<number, UnitThen> {
    const found = new Map<number, UnitThen>();
    past.units.id.forEach((id, n) => {
      const row = last(past.unit_states.since, unit_rows[n] as [number, number], at_ms);
      const status = row < 0 ? "off" : (past.unit_states.status[row] as string);
      const [call_sign, service, kind] = [past.units.call_sign[n], past.units.service[n], past.units.kind[n]];
      found.set(id, { id, call_sign, service, kind, status } as UnitThen);
    });
    return found;
  }

  function boundAt(at_ms: number): Bound[] {
    return past.dispatches.unit_id.flatMap((unit_id, n) => {
      const row = last(past.dispatch_states.at, dispatch_rows[n] as [number, number], at_ms);
      const status = row < 0 ? "clear" : (past.dispatch_states.status[row] as string);
      if (UNBOUND.has(status)) return [];
      const incident_id = incidentAt(n, at_ms);
      return [{ unit_id, call_sign: call_signs.get(unit_id) ?? "", incident_id, status }];
    });
  }

  function incidentAt(n: number, at_ms: number): number {
    const ways = moved.get(past.dispatches.id[n] as number) ?? [];
    const row = ways.find((row) => (past.moves.until[row] as number) > at_ms);
    return (row === undefined ? past.dispatches.incident_id[n] : past.moves.incident_id[row]) as number;
  }

  function incidentsAt(at_ms: number, bound: readonly Bound[]): IncidentThen[] {
    return past.incidents.id.flatMap((id, n) => {
      const row = last(past.incident_states.since, incident_rows[n] as [number, number], at_ms);
      if (row < 0 || OVER.has(past.incident_states.state[row] as string)) return [];
      const told = Object.fromEntries(
        (["category", "priority", "state", "lon", "lat"] as const).map((name) => [
          name,
          past.incident_states[name][row],
        ]),
      );
      const units = bound.filter((one) => one.incident_id === id);
      const [number, address] = [past.incidents.number[n], past.incidents.address[n]];
      return [{ id, number, address, ...told, units } as IncidentThen];
    });
  }

  function eventsAt(at_ms: number): Map<number, Feature> {
    const { events } = past;
    const found = new Map<number, Feature>();
    events.id.forEach((id, n) => {
      const decided = events.decided_at[n] ?? Number.POSITIVE_INFINITY;
      if ((events.received_at[n] as number) > at_ms || decided <= at_ms) return;
      found.set(
        id,
        point(id, events.lon[n] as number, events.lat[n] as number, { kind: events.kind[n], state: "new" }),
      );
    });
    return found;
  }

  function callsAt(at_ms: number): CallThen[] {
    const { call_states } = past;
    return past.calls.id.flatMap((id, n) => {
      const row = last(call_states.since, call_rows[n] as [number, number], at_ms);
      const state = call_states.state[row];
      if (!state || state === "ended") return [];
      const [lon, lat] = [call_states.lon[row] ?? null, call_states.lat[row] ?? null];
      const place = lon === null || lat === null ? null : { lon, lat };
      const [line, placed_by] = [past.calls.line[n] as string, call_states.placed_by[row] as string];
      return [{ id, line, state, placed_by, place, radius_m: call_states.radius_m[row] ?? null }];
    });
  }

  return (at_ms) => {
    const calls = callsAt(at_ms);
    const bound = boundAt(at_ms);
    const incidents = incidentsAt(at_ms, bound).sort((a, b) => a.priority - b.priority || a.id - b.id);
    const features = incidents.map(({ units, lon, lat, ...properties }) => point(properties.id, lon, lat, properties));
    const rows = { incidents: byId(features), events: eventsAt(at_ms), calls: byId(calls.flatMap(callPoint)) };
    return { units: unitsAt(at_ms), calls, incidents, bound, rows };
  };
}

function byId(features: readonly Feature[]): Map<number, Feature> {
  return new Map(features.map((feature) => [feature.id, feature]));
}

function callPoint({ id, place, state, radius_m }: CallThen): Feature[] {
  return place ? [point(id, place.lon, place.lat, { state, radius_m })] : [];
}

function point(id: number, lon: number, lat: number, properties: Record<string, unknown>): Feature {
  return { type: "Feature", id, geometry: { type: "Point", coordinates: [lon, lat] }, properties };
}
