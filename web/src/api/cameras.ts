/** Cameras around a place, and turning one; the questions about them. */
import type { Ask } from "./ask";
import type { Place, Title } from "./types";

/** How a camera stands to a place, from the best down. */
export const SIGHTS = ["sees", "turns", "unknown", "too_near", "out_of_view", "too_far", "blocked"] as const;
export type Sight = (typeof SIGHTS)[number];
export type NearCamera = {
  id: number;
  code: string;
  name: Title;
  kind: string;
  place: Place;
  distance_m: number;
  heading_deg: number | null;
  state: string;
  enabled: boolean;
  moving: boolean;
  sight: Sight;
  /** Pixels of its picture to a metre across, there. */
  px_per_m: number | null;
  /** The one to turn to; null: straight at it. */
  preset: string | null;
  /** Metres from the camera to the building that stands between. */
  blocked_m: number | null;
};
export type NearCameras = { radius_m: number; cameras: NearCamera[] };

export type Preset = { token: string; name: Title; heading_deg: number | null };
export type Holder = { account: string; until: string; mine: boolean; yours: boolean };
export type TurnTold = {
  id: number;
  kind: string;
  asked_by: string;
  asked_at: string;
  outcome: string | null;
  code: string | null;
};
export type Ptz = {
  id: number;
  code: string;
  name: Title;
  state: string;
  preset: string | null;
  moving: boolean;
  /** Who sees it by another area's grant alone does not turn it. */
  own: boolean;
  presets: Preset[];
  holder: Holder | null;
  command: TurnTold | null;
};
/** Speeds from -1 to 1: right, up and in are positive. */
export type Speed = { pan?: number; tilt?: number; zoom?: number };
export type Turn =
  | { kind: "look_at"; place: Place }
  | { kind: "preset"; token: string }
  | ({ kind: "move" } & Speed)
  | { kind: "stop" };

/** What a camera's way through the pipeline costs and brings; milliseconds are smoothed. */
export type Counters = {
  active: boolean;
  dropped: number;
  reconnects: number;
  gate_ms: number | null;
  detector_ms: number | null;
};
export type CameraFaring = {
  id: number;
  code: string;
  name: Title;
  kind: string;
  state: string;
  reasons: { code: string; message: Title }[];
  fps: number | null;
  frame_age_s: number | null;
  onvif_fault: string | null;
  recording: { record: string; state: string; reason: { code: string; message: Title } | null } | null;
  counters: Counters | null;
};

/** Build the questions on a way to ask. */
export function cameraQuestions(ask: Ask) {
  return {
    cameraFaring: (id: number) => ask<{ cameras: CameraFaring[] }>("GET", `/api/video/health?camera=${id}`),
    cameras: (id: number) => ask<NearCameras>("GET", `/api/incidents/${id}/cameras`),
    seeing: ({ lon, lat }: Place) => ask<{ cameras: NearCamera[] }>("GET", `/api/cameras/seeing?lon=${lon}&lat=${lat}`),
    ptz: (id: number) => ask<Ptz>("GET", `/api/cameras/${id}/ptz`),
    turn: (id: number, command: Turn) => ask<Ptz>("POST", `/api/cameras/${id}/ptz`, { body: { command } }),
    holdCamera: (id: number) => ask<Ptz>("POST", `/api/cameras/${id}/lock`),
    letGoCamera: (id: number) => ask<void>("DELETE", `/api/cameras/${id}/lock`),
  };
}
