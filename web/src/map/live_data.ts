/** What stands behind `live://layer?property=value` in a look: rows as GeoJSON features, units as binary columns. */
import type { Feature, Unit } from "../api/types";
import { type Tone, tone } from "../desk/status";
import { type Fleet, STALE_S } from "../live/fleet";

export type Columns = {
  length: number;
  unit_ids: Uint32Array;
  attributes: Record<string, { value: Float64Array | Float32Array | Uint8Array; size: number; normalized?: boolean }>;
};
export type LiveAddress = { layer: string; where: readonly (readonly [string, string])[] };

const TONES: Record<Tone, readonly [number, number, number]> = {
  free: [92, 148, 134],
  sent: [245, 215, 110],
  moving: [124, 196, 255],
  there: [244, 247, 251],
  away: [112, 124, 141],
};
const FAINT = 80; // alpha of a stale or absent unit
const PLAIN = 255;

/** Read `live://units?service=police`; null where it is no live address. */
export function liveAddress(data: unknown): LiveAddress | null {
  if (typeof data !== "string" || !data.startsWith("live://")) return null;
  const [layer = "", query = ""] = data.slice("live://".length).split("?");
  return { layer, where: [...new URLSearchParams(query)] };
}

/** `name=a,b` keeps what is one of them, `name!=a,b` what is none of them. */
function fits(record: object, where: LiveAddress["where"]): boolean {
  return where.every(([name, values]) => {
    const wanted = !name.endsWith("!");
    const value = String((record as Record<string, unknown>)[wanted ? name : name.slice(0, -1)]);
    return values.split(",").includes(value) === wanted;
  });
}

/** The features of a layer that fit the address. */
export function rowsFor(features: Iterable<Feature>, where: LiveAddress["where"]): Feature[] {
  return [...features].filter((feature) => feature.geometry && fits(feature.properties, where));
}

/** Units as columns: where each is drawn, turned by its heading, coloured by its status, faint when stale. */
export function columnsFor(
  fleet: Pick<Fleet, "count" | "unit_ids" | "lonlat" | "at_s" | "heading_deg">,
  units: ReadonlyMap<number, Unit>,
  where: LiveAddress["where"],
  now_s: number,
): Columns {
  const kept: number[] = [];
  for (let row = 0; row < fleet.count; row++) {
    const unit = units.get(fleet.unit_ids[row] as number);
    if (where.length === 0 || (unit && fits(unit, where))) kept.push(row);
  }
  const [places, angles] = [new Float64Array(kept.length * 2), new Float32Array(kept.length)];
  const [colours, unit_ids] = [new Uint8Array(kept.length * 4), new Uint32Array(kept.length)];
  kept.forEach((row, i) => {
    const id = fleet.unit_ids[row] as number;
    const look = tone(units.get(id)?.status ?? "off");
    const stale = now_s - (fleet.at_s[row] as number) > STALE_S;
    unit_ids[i] = id;
    places[i * 2] = fleet.lonlat[row * 2] as number;
    places[i * 2 + 1] = fleet.lonlat[row * 2 + 1] as number;
    angles[i] = -(fleet.heading_deg[row] as number);
    colours.set(TONES[look], i * 4);
    colours[i * 4 + 3] = stale || look === "away" ? FAINT : PLAIN;
  });
  const colour = { value: colours, size: 4, normalized: true };
  return {
    length: kept.length,
    unit_ids,
    attributes: {
      getPosition: { value: places, size: 2 },
      getAngle: { value: angles, size: 1 },
      getColor: colour,
      getFillColor: colour,
      getLineColor: colour,
    },
  };
}
