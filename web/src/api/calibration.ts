/** Calibrating cameras: what is stored, what a draft would come to, and the picture that points are clicked in. */
import type { Ask } from "./ask";
import type { Place, Title } from "./types";

export type Pixel = [number, number];
export type Line = [number, number][];
export type ControlPoint = { x: number; y: number; lon: number; lat: number; elevation_m: number | null };
export type Pose = { height_m: number; heading_deg: number; tilt_deg: number; hfov_deg: number; roll_deg: number };
export type CalibrationState = "none" | "good" | "broken";
export type CameraBrief = {
  id: number;
  code: string;
  name: Title;
  kind: string;
  state: string;
  calibration: CalibrationState;
  error_m: number | null;
};
/** One view of a camera: as it hangs (`preset` null), or at a preset. */
export type View = { [part in keyof Pose]: number | null } & {
  preset: string | null;
  hfov_found: boolean;
  name: Title;
  width_px: number | null;
  height_px: number | null;
  distortion: number[] | null;
  ground: { east_grade: number; north_grade: number } | null;
  range_m: number;
  points: ControlPoint[];
  calibration: CalibrationState;
  error_m: number | null;
  calibrated_at: string | null;
  calibrated_by: string | null;
};
export type CameraCalibration = {
  id: number;
  code: string;
  name: Title;
  kind: string;
  place: Place;
  preset: string | null;
  moving: boolean;
  views: View[];
  field: Line;
};
export type AskedCalibration = {
  preset: string | null;
  width_px: number;
  height_px: number;
  points: ControlPoint[];
  pose: Pose | null;
  hfov_deg: number | null;
  distortion: number[] | null;
  ground: View["ground"];
  range_m: number;
};
export type Ring = { distance_m: number; pixels: Line[]; places: Line[]; ellipse_m: number | null };
export type Drafted = {
  pose: Pose;
  k1: number;
  points: { residual_m: number | null; suspect: boolean }[];
  median_m: number | null;
  p95_m: number | null;
  horizon: Line[];
  rings: Ring[];
  field: Line;
};
export type CameraPicture = { at: string; width_px: number; height_px: number; jpeg: string };

/** Build the questions on a way to ask. */
export function calibrationQuestions(ask: Ask) {
  return {
    calibrations: () => ask<{ cameras: CameraBrief[] }>("GET", "/api/calibrations"),
    calibration: (id: number) => ask<CameraCalibration>("GET", `/api/cameras/${id}/calibration`),
    draftCalibration: (id: number, body: AskedCalibration) =>
      ask<Drafted>("POST", `/api/cameras/${id}/calibration/draft`, { body }),
    calibrate: (id: number, body: AskedCalibration) =>
      ask<CameraCalibration>("PUT", `/api/cameras/${id}/calibration`, { body }),
    cameraPicture: (id: number) =>
      ask<CameraPicture>("POST", `/api/cameras/${id}/snapshot`, { body: {}, about: `camera:${id}` }),
  };
}
