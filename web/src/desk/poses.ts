/** How a camera hangs, as it is dragged: within what can be, moved by metres, turned towards a place; pure. */
import type { CameraCalibration, View } from "../api/calibration";
import type { Pose } from "../api/coverage";
import type { Place } from "../api/types";

const METRES_PER_DEGREE = 111_195; // mean earth radius 6,371 km
/** What stands in for what nobody knows of a camera. */
export const USUAL = { height_m: 6, heading_deg: 0, hfov_deg: 90, width_px: 1920, height_px: 1080 } as const;
/** From where to where each can be set by hand, metres and degrees. */
export const LIMITS = {
  height_m: [0.5, 300],
  tilt_deg: [-30, 90],
  hfov_deg: [1, 360],
  roll_deg: [-180, 180],
} as const;
const HANDLE = 0.5; // of the range: where a camera is turned by

export type Part = keyof typeof USUAL;

/** How one view of a camera hangs, and which parts of it nobody knows. */
export function poseOf(camera: CameraCalibration, view: View): { pose: Pose; guessed: Part[] } {
  const guessed = (Object.keys(USUAL) as Part[]).filter((part) => view[part] == null);
  const known = Object.fromEntries(Object.keys(USUAL).map((part) => [part, view[part as Part] ?? USUAL[part as Part]]));
  const { tilt_deg, roll_deg, range_m } = view;
  return {
    pose: { ...(known as typeof USUAL), place: camera.place, tilt_deg, roll_deg: roll_deg ?? 0, range_m },
    guessed,
  };
}

const clamped = (value: number, [least, most]: readonly [number, number]) => Math.min(most, Math.max(least, value));

/** The pose as it can be: the heading around the compass, the rest within its limits. */
export function within(pose: Pose): Pose {
  return {
    ...pose,
    height_m: clamped(pose.height_m, LIMITS.height_m),
    hfov_deg: clamped(pose.hfov_deg, LIMITS.hfov_deg),
    tilt_deg: pose.tilt_deg === null ? null : clamped(pose.tilt_deg, LIMITS.tilt_deg),
    heading_deg: (((Math.round(pose.heading_deg * 10) / 10) % 360) + 360) % 360,
  };
}

/** The place so many metres further east and north. */
export function further(from: Place, east_m: number, north_m: number): Place {
  const lat = from.lat + north_m / METRES_PER_DEGREE;
  return { lon: from.lon + east_m / METRES_PER_DEGREE / Math.cos((from.lat * Math.PI) / 180), lat };
}

/** The direction from a place to another, degrees clockwise from north. */
export function bearing(from: Place, to: Place): number {
  const east = (to.lon - from.lon) * Math.cos((from.lat * Math.PI) / 180);
  return ((Math.atan2(east, to.lat - from.lat) * 180) / Math.PI + 360) % 360;
}

/** Where the handle lies that a camera is turned by. */
export function handleOf(pose: Pose): Place {
  const [away, turn] = [pose.range_m * HANDLE, (pose.heading_deg * Math.PI) / 180];
  return further(pose.place, away * Math.sin(turn), away * Math.cos(turn));
}

/** Whether two poses are the same to the centimetre and the tenth of a degree. */
export function same(a: Pose, b: Pose): boolean {
  const near = (x: number | null, y: number | null, by: number) =>
    x === null || y === null ? x === y : Math.abs(x - y) < by;
  const parts = ["height_m", "heading_deg", "tilt_deg", "hfov_deg", "roll_deg"] as const;
  const here = near(a.place.lon, b.place.lon, 1e-7) && near(a.place.lat, b.place.lat, 1e-7);
  return here && parts.every((part) => near(a[part], b[part], 0.05));
}
