import { expect, test } from "vitest";
import { decode } from "./frames";

type Row = { id: number; lon: number; lat: number; at: number; speed: number; heading: number };

/** A frame as the server packs it: `<IHHIId`, then `<u4 i4 i4 u4 u2 u2` a unit. */
function frame(rows: Row[], { magic = 0x31525951, kind = 1, flags = 0 } = {}): ArrayBuffer {
  const buffer = new ArrayBuffer(24 + rows.length * 20);
  const view = new DataView(buffer);
  view.setUint32(0, magic, true);
  view.setUint16(4, kind, true);
  view.setUint16(6, flags, true);
  view.setUint32(8, rows.length, true);
  view.setFloat64(16, 1_795_250_000.25, true);
  rows.forEach((row, i) => {
    const at = 24 + i * 20;
    view.setUint32(at, row.id, true);
    view.setInt32(at + 4, Math.round(row.lon * 1e7), true);
    view.setInt32(at + 8, Math.round(row.lat * 1e7), true);
    view.setUint32(at + 12, row.at, true);
    view.setUint16(at + 16, row.speed * 10, true);
    view.setUint16(at + 18, row.heading * 10, true);
  });
  return buffer;
}
const one = { id: 7, lon: 76.9451234, lat: -43.2567891, at: 1_795_249_999, speed: 61.5, heading: 359.9 };

test("a frame is read back to the seventh decimal of a degree", () => {
  const read = decode(frame([one, { ...one, id: 4_000_000_000, lon: -179.5 }], { flags: 1 }));
  expect([...read.unit_ids]).toEqual([7, 4_000_000_000]);
  expect(read.lon[0]).toBeCloseTo(76.9451234, 7);
  expect(read.lat[0]).toBeCloseTo(-43.2567891, 7);
  expect(read.lon[1]).toBeCloseTo(-179.5, 7);
  expect(read.at_s[0]).toBe(1_795_249_999);
  expect(read.speed_kmh[0]).toBeCloseTo(61.5, 3);
  expect(read.heading_deg[1]).toBeCloseTo(359.9, 3);
  expect(read.snapshot).toBe(true);
  expect(read.sent_at_s).toBe(1_795_250_000.25);
});

test("a frame without units is a frame", () => {
  expect(decode(frame([])).unit_ids.length).toBe(0);
  expect(decode(frame([])).snapshot).toBe(false);
});

test("what is not a frame is refused", () => {
  expect(() => decode(new ArrayBuffer(3))).toThrow(RangeError);
  expect(() => decode(frame([one], { magic: 1 }))).toThrow(/QYR1/);
  expect(() => decode(frame([one], { kind: 2 }))).toThrow(/unknown kind/);
});

test("a frame that was cut short is refused and not half read", () => {
  expect(() => decode(frame([one, one]).slice(0, 24 + 30))).toThrow(/cut short/);
});
