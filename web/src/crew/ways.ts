/** Small sums about places (pure). */
import type { Place } from "../api/types";

const EARTH_M = 6_371_009;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** The straight line between two places over a sphere, metres. */
export function metresBetween(a: Place, b: Place): number {
  const [north, east] = [radians(b.lat - a.lat), radians(b.lon - a.lon)];
  const h = Math.sin(north / 2) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(east / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** What opens the phone's own navigator (RFC 5870; `q` is what Android's apps read for the mark and its label). */
export function geoLink({ lon, lat }: Place, label: string): string {
  const spot = `${lat.toFixed(6)},${lon.toFixed(6)}`;
  return `geo:${spot}?q=${spot}(${encodeURIComponent(label).replaceAll("(", "%28").replaceAll(")", "%29")})`;
}

/** The box around places, west south east north; null for none. */
export function boxOf(places: readonly [number, number][]): [number, number, number, number] | null {
  if (places.length === 0) return null;
  const [lons, lats] = [places.map(([lon]) => lon), places.map(([, lat]) => lat)];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
