/** Where every unit is on the screen: columns that glide from the last fix to the newest. */
import { signal } from "@preact/signals";
import type { PositionFrame } from "./frames";

const GLIDE_MS = 1000; // fixes come about once a second
export const STALE_S = 60; // what is older is drawn faint (facts: never show stale as fresh)

export type UnitFix = { lon: number; lat: number; at_s: number; speed_kmh: number; heading_deg: number };

/** Stable rows: a unit keeps its row until a snapshot leaves it out. */
export class Fleet {
  count = 0;
  unit_ids = new Uint32Array(0);
  lonlat = new Float64Array(0); // what is drawn now
  at_s = new Uint32Array(0);
  speed_kmh = new Float32Array(0);
  heading_deg = new Float32Array(0);
  /** Another number whenever there is something to draw. */
  readonly stirred = signal(0);
  private from = new Float64Array(0);
  private to = new Float64Array(0);
  private rows = new Map<number, number>();
  private started_ms = 0;
  private gliding = false;

  /** Take a frame at a moment of the animation clock. A snapshot replaces what is there; units kept still glide. */
  take(frame: PositionFrame, now_ms: number): void {
    this.glide(now_ms);
    const old = frame.snapshot ? this.keepPlaces() : null;
    if (old) this.clear();
    this.reserve(this.count + frame.unit_ids.length);
    for (let i = 0; i < frame.unit_ids.length; i++) this.put(frame, i, old);
    this.from.set(this.lonlat.subarray(0, this.count * 2));
    this.started_ms = now_ms;
    this.gliding = true;
    this.stir();
  }

  /** Move everything to where it is at `now_ms`; false when all have arrived. */
  glide(now_ms: number): boolean {
    if (!this.gliding) return false;
    const share = Math.min(1, (now_ms - this.started_ms) / GLIDE_MS);
    for (let i = 0; i < this.count * 2; i++) {
      const [from, to] = [this.from[i] as number, this.to[i] as number];
      this.lonlat[i] = from + (to - from) * share;
    }
    this.gliding = share < 1;
    return true;
  }

  /** Take a unit away: it went where this account does not see. The last row moves into its place. */
  drop(unit_id: number): void {
    const row = this.rows.get(unit_id);
    if (row === undefined) return;
    const last = --this.count;
    this.rows.set(this.unit_ids[last] as number, row);
    this.rows.delete(unit_id);
    for (const column of [this.unit_ids, this.at_s, this.speed_kmh, this.heading_deg])
      column.copyWithin(row, last, last + 1);
    for (const pairs of [this.lonlat, this.from, this.to]) pairs.copyWithin(row * 2, last * 2, last * 2 + 2);
    this.stir();
  }

  /** The newest fix of a unit, where there is one. */
  fix(unit_id: number): UnitFix | null {
    const row = this.rows.get(unit_id);
    if (row === undefined) return null;
    return {
      lon: this.to[row * 2] as number,
      lat: this.to[row * 2 + 1] as number,
      at_s: this.at_s[row] as number,
      speed_kmh: this.speed_kmh[row] as number,
      heading_deg: this.heading_deg[row] as number,
    };
  }

  /** Where a unit is drawn now. */
  drawn(unit_id: number): [number, number] | null {
    const row = this.rows.get(unit_id);
    return row === undefined ? null : [this.lonlat[row * 2] as number, this.lonlat[row * 2 + 1] as number];
  }

  private stir(): void {
    this.stirred.value = this.stirred.peek() + 1;
  }

  private put(frame: PositionFrame, i: number, old: Map<number, [number, number]> | null): void {
    const id = frame.unit_ids[i] as number;
    const [lon, lat] = [frame.lon[i] as number, frame.lat[i] as number];
    let row = this.rows.get(id);
    if (row === undefined) {
      row = this.count++;
      this.rows.set(id, row);
      this.unit_ids[row] = id;
      this.lonlat.set(near(old?.get(id), lon, lat), row * 2);
    } else
      this.lonlat.set(near([this.lonlat[row * 2] as number, this.lonlat[row * 2 + 1] as number], lon, lat), row * 2);
    this.to.set([lon, lat], row * 2);
    this.at_s[row] = frame.at_s[i] as number;
    this.speed_kmh[row] = frame.speed_kmh[i] as number;
    this.heading_deg[row] = frame.heading_deg[i] as number;
  }

  private keepPlaces(): Map<number, [number, number]> {
    return new Map(
      [...this.rows].map(([id, row]) => [id, [this.lonlat[row * 2] as number, this.lonlat[row * 2 + 1] as number]]),
    );
  }

  /** Forget every unit: another account looks, or at another area. */
  clear(): void {
    this.count = 0;
    this.rows.clear();
    this.stir();
  }

  private reserve(count: number): void {
    if (count <= this.unit_ids.length) return;
    const size = Math.max(256, count * 2);
    function grown<T extends Float64Array | Float32Array | Uint32Array>(old: T, bigger: T): T {
      bigger.set(old);
      return bigger;
    }
    this.unit_ids = grown(this.unit_ids, new Uint32Array(size));
    this.at_s = grown(this.at_s, new Uint32Array(size));
    this.speed_kmh = grown(this.speed_kmh, new Float32Array(size));
    this.heading_deg = grown(this.heading_deg, new Float32Array(size));
    this.lonlat = grown(this.lonlat, new Float64Array(size * 2));
    this.from = grown(this.from, new Float64Array(size * 2));
    this.to = grown(this.to, new Float64Array(size * 2));
  }
}

// A unit that was out of sight and comes back a kilometre away did not fly there.
const JUMP_DEG = 0.01;
function near(place: [number, number] | undefined, lon: number, lat: number): [number, number] {
  return place && Math.abs(place[0] - lon) < JUMP_DEG && Math.abs(place[1] - lat) < JUMP_DEG ? place : [lon, lat];
}
