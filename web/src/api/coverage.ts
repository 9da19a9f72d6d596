/** What cameras see of the ground, as it travels: shares of areas, gaps by weight, and the job that reckons. */
import { asked, type Weighing } from "../desk/hours";
import type { Ask } from "./ask";
import type { Area, Place, Title } from "./types";

export type Purpose = { name: string; title: Title; about: Title; article: string; density_px_m: number };
export type Measure = "ground_m2" | "streets_m" | "incidents" | "accidents" | "places" | "schools" | "addresses";
export type Measured = {
  whole: number;
  seen: number;
  twice: number;
  private: number;
  night: number;
  night_unknown: number;
};
export type AreaCoverage = {
  area: Area;
  parent_id: number | null;
  level: number;
  measures: Partial<Record<Measure, Measured>>;
};
export type Coverage = {
  purpose: Purpose;
  purposes: Purpose[];
  state: { tiles: number; waiting: number; oldest: string | null };
  areas: AreaCoverage[];
};
export type Gap = {
  id: number;
  area_id: number;
  place: Place;
  bbox: [number, number, number, number];
  ground_m2: number;
  streets_m: number;
  incidents: number;
  accidents: number;
  places: number;
  schools: number;
  addresses: number;
  weight: number;
  expected: number;
  reasons: Title[];
  nearest: Title | null;
};
export type Job = {
  id: number;
  kind: string;
  asked_by: string;
  begun_at: string | null;
  cancelled_at: string | null;
  done: number;
  total: number | null;
  outcome: "done" | "cancelled" | "failed" | null;
};

/** The questions of the client. */
export function coverageQuestions(ask: Ask) {
  return {
    coverage: (purpose: string) => ask<Coverage>("GET", `/api/coverage?purpose=${encodeURIComponent(purpose)}`),
    gaps: (purpose: string, past: number, weighing: Weighing) =>
      ask<{ gaps: Gap[]; next: number | null }>(
        "GET",
        `/api/coverage/gaps?purpose=${encodeURIComponent(purpose)}&past=${past}${asked(weighing)}`,
      ),
    reckonCoverage: () => ask<Job>("POST", "/api/coverage/reckonings", { body: {} }),
    jobs: () => ask<{ jobs: Job[] }>("GET", "/api/jobs"),
    job: (id: number) => ask<Job>("GET", `/api/jobs/${id}`),
    cancelJob: (id: number) => ask<unknown>("DELETE", `/api/jobs/${id}`),
  };
}
