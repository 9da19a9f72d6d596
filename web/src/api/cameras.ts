/** Cameras around an incident; the question about them. */
import type { Ask } from "./ask";
import type { Place, Title } from "./types";

export type NearCamera = {
  id: number;
  code: string;
  name: Title;
  place: Place;
  distance_m: number;
  heading_deg: number | null;
  state: string;
  enabled: boolean;
};
export type NearCameras = { radius_m: number; cameras: NearCamera[] };

/** Build the question on a way to ask. */
export function cameraQuestions(ask: Ask) {
  return {
    cameras: (id: number) => ask<NearCameras>("GET", `/api/incidents/${id}/cameras`),
  };
}
