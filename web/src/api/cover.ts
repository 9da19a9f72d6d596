/** How far the free units of a service reach in time, as it travels. */
import type { Ask } from "./ask";
import type { Area, Place, Service, Title } from "./types";

export type MinutesBand = {
  type: "Feature";
  properties: { from_min: number; to_min: number };
  geometry: { type: string; coordinates: unknown };
};
export type StandbyMove = {
  unit_id: number;
  call_sign: string;
  post: { id: number; kind: string; name: Title; place: Place };
  drive_s: number;
  before: number;
  after: number;
  reason: Title;
};
/** A unit that was asked to stand by, and is still to arrive. */
export type AskedMove = Pick<StandbyMove, "unit_id" | "call_sign" | "post"> & {
  asked_at: string;
  asked_by: string;
  until: string;
};
export type AreaCover = { area: Area; level: number; share: number; falls_short: boolean };
export type Cover = {
  service: Service;
  target_s: number;
  wanted_share: number;
  share: number;
  falls_short: boolean;
  free_units: number;
  by_area: AreaCover[];
  minutes: { type: "FeatureCollection"; features: MinutesBand[] };
  moves: StandbyMove[];
  asked?: AskedMove[];
};

/** The questions of the client. */
export function coverQuestions(ask: Ask) {
  return {
    cover: (service: Service) => ask<Cover>("GET", `/api/cover?service=${service}`),
    askToStandBy: ({ unit_id, post, drive_s }: StandbyMove, text: string) =>
      ask<unknown>("POST", "/api/cover/moves", { body: { unit_id, post_id: post.id, drive_s, text } }),
  };
}
