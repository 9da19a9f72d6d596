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
/** Whether the height of the ground was counted; elsewhere it is taken as flat. */
export type Terrain = "whole" | "part" | "none";
export type Coverage = {
  purpose: Purpose;
  purposes: Purpose[];
  state: { tiles: number; waiting: number; oldest: string | null; terrain: Terrain };
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
  hang: Hang | null;
};
/** What a camera could hang on: another's pole, or a building's corner, and how far that is. */
export type Hang = { kind: "pole" | "building"; place: Place; away_m: number; name: string | null };
export type Cut = "purposes" | "classes_2025" | "classes_2014";
/** A GeoJSON MultiPolygon or Polygon. */
export type Shape = { type: string; coordinates: unknown[] };
export type Band = {
  type: "Feature";
  properties: { name: string; density_px_m: number; area_m2: number };
  geometry: Shape;
};
export type Change = {
  gained_m2: number;
  lost_m2: number;
  gained_weight: number;
  lost_weight: number;
  gained: Shape;
  lost: Shape;
};
export type View = { features: Band[]; unseeing: Unseeing | null; terrain: Terrain; change: Change | null };
export type Unseeing = "no_heading" | "no_lens" | "inside";
export type Pose = {
  place: Place;
  height_m: number;
  heading_deg: number;
  hfov_deg: number;
  tilt_deg: number | null;
  roll_deg: number;
  range_m: number;
  width_px: number;
  height_px: number;
};
export type AskedView = Pose & { cut: Cut; purpose: string; instead_of: number };
export type CameraSight = {
  id: number;
  presets: number;
  unseeing: Unseeing | null;
  bands: Band[];
  reach: Band[] | null;
  blind_m2: number | null;
  blind_m: number | null;
  hidden_m2: number | null;
  terrain: Terrain;
};
export type GroundGap = Omit<Gap, "id" | "area_id" | "bbox" | "nearest" | "hang"> & { geometry: Shape };
export type GroundAnswer = {
  features: Band[];
  ground_m2: number;
  cell_m: number;
  cameras: number;
  terrain: Terrain;
  measures: Record<string, Partial<Record<Measure, Measured>>>;
  gaps: GroundGap[];
};
export type AskedGround = { corners: [number, number][]; cut: Cut; purpose: string | null };
export type AskedHanging = Omit<Pose, "range_m" | "width_px" | "height_px"> & {
  preset: string | null;
  loses_calibration: boolean;
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
    gaps: (purpose: string, past: number, weighing: Weighing, area: number | null = null) =>
      ask<{ gaps: Gap[]; next: number | null }>(
        "GET",
        `/api/coverage/gaps?purpose=${encodeURIComponent(purpose)}&past=${past}${asked(weighing)}${area === null ? "" : `&area=${area}`}`,
      ),
    coverageView: (asked: AskedView) => ask<View>("POST", "/api/coverage/views", { body: asked }),
    cameraSight: (id: number, cut: Cut) => ask<CameraSight>("GET", `/api/coverage/cameras/${id}?cut=${cut}`),
    groundSeen: (asked: AskedGround) => ask<GroundAnswer>("POST", "/api/coverage/grounds", { body: asked }),
    hangCamera: (id: number, asked: AskedHanging) =>
      ask<{ id: number; lost: (string | null)[] }>("PUT", `/api/cameras/${id}/pose`, { body: asked }),
    reckonCoverage: () => ask<Job>("POST", "/api/coverage/reckonings", { body: {} }),
    jobs: () => ask<{ jobs: Job[] }>("GET", "/api/jobs"),
    job: (id: number) => ask<Job>("GET", `/api/jobs/${id}`),
    cancelJob: (id: number) => ask<unknown>("DELETE", `/api/jobs/${id}`),
  };
}
