/** Where units drove: binary frames of fixes, and where each unit is drawn at a moment between them. */

const MAGIC = 0x31505951; // "QYP1"
const HEADER_BYTES = 24;
const FIX_BYTES = 14;
const GONE_MS = 600_000; // a unit that has told nothing for so long is drawn no more
const APART_MS = 60_000; // between fixes farther apart nobody knows the way: the unit waits at the first

/** One frame: the fixes of each unit stand together, from `starts[n]` to before `starts[n + 1]`, in order. */
export type Frame = {
  from_ms: number;
  unit_ids: Uint32Array;
  starts: Uint32Array;
  ms: Int32Array; // from `from_ms`; the fix before the frame is negative
  lon: Int32Array; // 1e-7 degrees
  lat: Int32Array;
  speed_kmh: Uint8Array;
  heading: Uint8Array; // 256 a turn
};

/** Read a frame; throws RangeError where it is not one, or is cut short. */
export function decode(buffer: ArrayBuffer): Frame {
  if (buffer.byteLength < HEADER_BYTES) throw new RangeError("the frame is shorter than its header");
  const header = new DataView(buffer);
  if (header.getUint32(0, true) !== MAGIC) throw new RangeError("the frame does not begin with QYP1");
  if (header.getUint16(4, true) !== 1) throw new RangeError("the frame is of an unknown kind");
  const [units, fixes] = [header.getUint32(8, true), header.getUint32(12, true)];
  if (buffer.byteLength < HEADER_BYTES + units * 8 + fixes * FIX_BYTES) throw new RangeError("the frame is cut short");
  let at = HEADER_BYTES;
  const take = (bytes: number) => {
    at += bytes;
    return at - bytes;
  };
  const unit_ids = new Uint32Array(buffer, take(units * 4), units);
  const counts = new Uint32Array(buffer, take(units * 4), units);
  return {
    from_ms: Math.round(header.getFloat64(16, true) * 1000),
    unit_ids,
    starts: runningSum(counts),
    ms: new Int32Array(buffer, take(fixes * 4), fixes),
    lon: new Int32Array(buffer, take(fixes * 4), fixes),
    lat: new Int32Array(buffer, take(fixes * 4), fixes),
    speed_kmh: new Uint8Array(buffer, take(fixes), fixes),
    heading: new Uint8Array(buffer, take(fixes), fixes),
  };
}

function runningSum(counts: Uint32Array): Uint32Array {
  const starts = new Uint32Array(counts.length + 1);
  for (let n = 0; n < counts.length; n++) starts[n + 1] = (starts[n] as number) + (counts[n] as number);
  return starts;
}

/** Every unit where it was at one moment: the columns that the map draws, as those of the live fleet. */
export class PastFleet {
  count = 0;
  unit_ids = new Uint32Array(0);
  lonlat = new Float64Array(0);
  at_s = new Uint32Array(0);
  heading_deg = new Float32Array(0);

  /** Take the units where they were at a moment of the frame. */
  show(frame: Frame, at_ms: number): void {
    const n = frame.unit_ids.length;
    if (this.unit_ids.length < n) this.grow(n);
    const moment = at_ms - frame.from_ms;
    this.count = 0;
    for (let unit = 0; unit < n; unit++) {
      const fix = lastBefore(frame, unit, moment);
      if (fix >= 0 && moment - (frame.ms[fix] as number) <= GONE_MS) this.put(frame, unit, fix, moment);
    }
  }

  /** Forget every unit. */
  clear(): void {
    this.count = 0;
  }

  /** Where a unit is drawn now. */
  drawn(unit_id: number): [number, number] | null {
    const row = this.unit_ids.subarray(0, this.count).indexOf(unit_id);
    return row < 0 ? null : [this.lonlat[row * 2] as number, this.lonlat[row * 2 + 1] as number];
  }

  private put(frame: Frame, unit: number, fix: number, moment: number): void {
    const [row, next] = [this.count++, fix + 1];
    const from = frame.ms[fix] as number;
    const known = next < (frame.starts[unit + 1] as number) && (frame.ms[next] as number) - from <= APART_MS;
    const share = known ? (moment - from) / ((frame.ms[next] as number) - from) : 0;
    const between = (column: Int32Array) => {
      const here = column[fix] as number;
      return (here + (known ? ((column[next] as number) - here) * share : 0)) / 1e7;
    };
    this.unit_ids[row] = frame.unit_ids[unit] as number;
    this.lonlat[row * 2] = between(frame.lon);
    this.lonlat[row * 2 + 1] = between(frame.lat);
    this.at_s[row] = known ? (frame.from_ms + moment) / 1000 : (frame.from_ms + from) / 1000;
    this.heading_deg[row] = ((frame.heading[fix] as number) * 360) / 256;
  }

  private grow(n: number): void {
    this.unit_ids = new Uint32Array(n);
    this.lonlat = new Float64Array(n * 2);
    this.at_s = new Uint32Array(n);
    this.heading_deg = new Float32Array(n);
  }
}

/** The last fix of a unit at or before a moment; −1 where there is none. */
function lastBefore(frame: Frame, unit: number, moment: number): number {
  let [low, high] = [frame.starts[unit] as number, frame.starts[unit + 1] as number];
  const first = low;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((frame.ms[middle] as number) <= moment) low = middle + 1;
    else high = middle;
  }
  return low > first ? low - 1 : -1;
}
