/** Shapes on the ground from metres: good to a part in a thousand at the sizes drawn here (under 10 km). */
import type { Ellipse, Place } from "../api/types";

const METRES_PER_DEGREE = 111_195; // mean earth radius 6,371 km

/** A closed ring of an ellipse around a place, lon-lat degrees; the bearing is that of the major axis, from north. */
export function ring(place: Place, ellipse: Ellipse, points = 64): [number, number][] {
  const turn = (ellipse.bearing_deg * Math.PI) / 180;
  const east_deg = 1 / (METRES_PER_DEGREE * Math.cos((place.lat * Math.PI) / 180));
  return Array.from({ length: points + 1 }, (_, i) => {
    const t = (2 * Math.PI * i) / points;
    const [along, across] = [ellipse.major_m * Math.cos(t), ellipse.minor_m * Math.sin(t)];
    const east = along * Math.sin(turn) + across * Math.cos(turn);
    const north = along * Math.cos(turn) - across * Math.sin(turn);
    return [place.lon + east * east_deg, place.lat + north / METRES_PER_DEGREE];
  });
}

/** A circle of a radius in metres. */
export function circle(place: Place, radius_m: number): [number, number][] {
  return ring(place, { major_m: radius_m, minor_m: radius_m, bearing_deg: 0 }, 96);
}

/** Metres between two places, as the crow flies. */
export function metresBetween(a: Place, b: Place): number {
  const east = (b.lon - a.lon) * Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
  return METRES_PER_DEGREE * Math.hypot(east, b.lat - a.lat);
}
