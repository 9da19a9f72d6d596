/** Closed roads as they travel, and the questions about them. */
import type { Ask } from "./ask";

export type ClosureShape =
  | { type: "LineString"; coordinates: [number, number][] }
  | { type: "Polygon"; coordinates: [number, number][][] };
export type Closure = {
  id: number;
  kind: "road" | "line" | "polygon";
  state: "planned" | "in_force" | "ended";
  reason: string;
  begins_at: string;
  /** Null: until somebody opens it. */
  ends_at: string | null;
  closed_by: string;
  roads: number;
  shape: ClosureShape;
  road_id: number | null;
  road_name: string | null;
};
export type NewClosure = { shape: ClosureShape; reason: string; begins_at: string | null; ends_at: string | null };

/** The questions of the client. */
export function closureQuestions(ask: Ask) {
  return {
    closures: () => ask<{ closures: Closure[] }>("GET", "/api/closures"),
    closeRoads: (closure: NewClosure) => ask<Closure>("POST", "/api/closures", { body: closure }),
    openRoads: (id: number) => ask<void>("DELETE", `/api/closures/${id}`),
  };
}
