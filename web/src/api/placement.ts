/** Plans of cameras as they travel: what is offered, asked, proposed and compared; forbidden zones. */
import { query } from "./access_client";
import type { Ask } from "./ask";
import type { Job } from "./coverage";
import type { Language, Place, Title } from "./types";

export type Source = "crossing" | "post" | "pole" | "corner";
export type Aim = "number" | "budget" | "cover";
export type Pair = [number, number];
export type Polygon = { type: "Polygon"; coordinates: Pair[][] };
export type Polygons = { type: "MultiPolygon"; coordinates: Pair[][][] } | Polygon;
export type CameraKind = { name: string; title: Title; kind: "fixed" | "ptz"; price: number };
export type Mount = { name: Source; title: Title; price: number };
export type Offer = { currency: string; kinds: CameraKind[]; mounts: Mount[] };
export type NewPlan = {
  name: string;
  purpose: string;
  aim: Aim;
  amount: number;
  area_id?: number;
  shape?: Polygon;
  kinds: { name: string; price?: number }[];
  sources: Source[];
  step_m: number;
};
export type Measure = { whole: number; before: number; after: number | null };
export type Figures = {
  weight: Measure;
  ground_m2: Measure;
  streets_m: Measure;
  price: number;
  cameras: number;
  value: number;
  cost: number;
  bound: number;
  how: "optimal" | "within" | "greedy";
  reached: boolean;
  nothing: Title | null;
  moved: number;
  spots: number;
  spots_tried: number;
  candidates: number;
};
export type Plan = {
  id: number;
  name: string;
  area_id: number;
  made_by: string;
  made_at: string;
  purpose: string;
  aim: Aim;
  amount: number;
  currency: string;
  job: Job | null;
  figures: Figures | null;
};
export type Hangs = { place: Place; height_m: number; heading_deg: number; tilt_deg: number; hfov_deg: number };
export type PlanCamera = Hangs & {
  id: number;
  number: number;
  kind_title: Title;
  source: Source;
  price: number;
  adds: number;
  ground_m2: number;
  meets: string[];
  breaks: string[];
  unsure: string[];
  masks: number[];
  moved_by: string | null;
  seen: Polygons;
};
export type Rule = { name: string; article: string; title: Title };
export type WholePlan = Plan & { region: Polygons; cameras: PlanCamera[]; rules: Rule[] };
export type Side = { placement: Plan; seen: Polygons; seen_m2: number; alone_m2: number };
export type Hanging = {
  seen: Polygons;
  ground_m2: number;
  adds: number;
  after: number;
  breaks: string[];
  refused: "inside" | "in_forbidden_zone" | "looks_into_forbidden_zone" | null;
};
export type ZoneRule = "refuse" | "mask";
export type NewZone = { name: string; rule: ZoneRule; shape: Polygon };
export type Zone = NewZone & { id: number; made_by: string };
export const TENDERS = ["csv", "xlsx", "geojson"] as const;
export type Tender = (typeof TENDERS)[number];

/** The questions of the client. */
export function placementQuestions(ask: Ask) {
  const camera = (plan: number, id: number) => `/api/placements/${plan}/cameras/${id}`;
  return {
    placementOffer: () => ask<Offer>("GET", "/api/placements/offer"),
    placements: () => ask<{ placements: Plan[] }>("GET", "/api/placements"),
    placement: (id: number) => ask<WholePlan>("GET", `/api/placements/${id}`),
    placeCameras: (body: NewPlan) => ask<Plan>("POST", "/api/placements", { body }),
    deletePlacement: (id: number) => ask<unknown>("DELETE", `/api/placements/${id}`),
    comparePlacements: (ids: readonly number[]) =>
      ask<{ plans: Side[] }>("GET", `/api/placements/comparison?${ids.map((id) => `id=${id}`).join("&")}`),
    tender: (id: number, format: Tender, language: Language) =>
      ask<Blob>("GET", `/api/placements/${id}/tender${query({ format, language })}`, { file: true }),
    tryHanging: (plan: number, id: number, body: Hangs) => ask<Hanging>("POST", `${camera(plan, id)}/views`, { body }),
    hang: (plan: number, id: number, body: Hangs) => ask<WholePlan>("PUT", camera(plan, id), { body }),
    takeDown: (plan: number, id: number) => ask<WholePlan>("DELETE", camera(plan, id)),
    forbiddenZones: () => ask<{ zones: Zone[] }>("GET", "/api/forbidden-zones"),
    forbid: (body: NewZone) => ask<Zone>("POST", "/api/forbidden-zones", { body }),
    allow: (id: number) => ask<unknown>("DELETE", `/api/forbidden-zones/${id}`),
  };
}
