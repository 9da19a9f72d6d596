import { expect, test } from "vitest";
import { decode, PastFleet } from "./tracks";

/** A frame as the server packs it: of each unit its fixes as [ms, lon, lat, km/h, 256ths of a turn]. */
function frame(from_ms: number, units: Record<number, number[][]>): ArrayBuffer {
  const ids = Object.keys(units).map(Number);
  const fixes = ids.flatMap((id) => units[id] as number[][]);
  const buffer = new ArrayBuffer(24 + ids.length * 8 + fixes.length * 14);
  const view = new DataView(buffer);
  view.setUint32(0, 0x31505951, true);
  view.setUint16(4, 1, true);
  view.setUint32(8, ids.length, true);
  view.setUint32(12, fixes.length, true);
  view.setFloat64(16, from_ms / 1000, true);
  let at = 24;
  for (const id of ids) at = put32(view, at, id);
  for (const id of ids) at = put32(view, at, units[id]?.length ?? 0);
  for (const fix of fixes) at = put32(view, at, fix[0] as number);
  for (const fix of fixes) at = put32(view, at, Math.round((fix[1] as number) * 1e7));
  for (const fix of fixes) at = put32(view, at, Math.round((fix[2] as number) * 1e7));
  for (const fix of fixes) view.setUint8(at++, fix[3] ?? 0);
  for (const fix of fixes) view.setUint8(at++, fix[4] ?? 0);
  return buffer;
}
function put32(view: DataView, at: number, value: number): number {
  view.setInt32(at, value, true);
  return at + 4;
}

const START = Date.UTC(2026, 10, 1, 12);

test("a unit glides from one fix to the next", () => {
  const fleet = new PastFleet();
  const read = decode(
    frame(START, {
      7: [
        [-500, 76.9, 43.2, 30, 64],
        [9500, 77.0, 43.3, 30, 64],
      ],
    }),
  );
  fleet.show(read, START + 4500);
  expect(fleet.count).toBe(1);
  expect(fleet.drawn(7)?.map((n) => Number(n.toFixed(4)))).toEqual([76.95, 43.25]);
  expect(fleet.heading_deg[0]).toBe(90);
  expect(fleet.at_s[0]).toBe(Math.floor((START + 4500) / 1000));
});

test("nobody knows the way between fixes far apart: the unit waits, and ages", () => {
  const fleet = new PastFleet();
  fleet.show(
    decode(
      frame(START, {
        7: [
          [0, 76.9, 43.2],
          [300_000, 77, 43.3],
        ],
      }),
    ),
    START + 200_000,
  );
  expect(fleet.drawn(7)).toEqual([76.9, 43.2]);
  expect(fleet.at_s[0]).toBe(START / 1000);
});

test("a unit is nowhere before its first fix, and ten minutes after its last", () => {
  const fleet = new PastFleet();
  const read = decode(frame(START, { 7: [[1000, 76.9, 43.2]], 8: [[-1000, 76, 43]] }));
  fleet.show(read, START);
  expect([...fleet.unit_ids.subarray(0, fleet.count)]).toEqual([8]);
  fleet.show(read, START + 600_500);
  expect([...fleet.unit_ids.subarray(0, fleet.count)]).toEqual([7]);
});

test("what is no frame, or is cut short, is refused", () => {
  const whole = frame(START, { 7: [[0, 76.9, 43.2]] });
  expect(() => decode(whole.slice(0, 10))).toThrow(RangeError);
  expect(() => decode(whole.slice(0, whole.byteLength - 1))).toThrow("cut short");
  new DataView(whole).setUint32(0, 1);
  expect(() => decode(whole)).toThrow("QYP1");
});
