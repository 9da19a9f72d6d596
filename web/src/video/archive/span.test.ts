import { expect, test } from "vitest";
import { gapAt, isRecorded, momentAt, nextRecorded, percent } from "./span";

const span = { from_ms: 1000, to_ms: 3000 };
const at = (ms: number) => new Date(ms).toISOString();
const camera = {
  recorded: [
    { begins_at: at(1000), ends_at: at(2000) },
    { begins_at: at(2500), ends_at: at(3000) },
  ],
  gaps: [{ begins_at: at(2000), ends_at: at(2500), reason: "disk_full" }],
};

test("a moment and its place on the line are the same thing", () => {
  expect(percent(span, 1500)).toBe(25);
  expect(momentAt(span, 0.25)).toBe(1500);
  expect([percent(span, 0), percent(span, 9000)]).toEqual([0, 100]);
  expect([momentAt(span, -1), momentAt(span, 2)]).toEqual([1000, 3000]);
});

test("every moment is recorded or says why it is not", () => {
  for (let ms = 1000; ms < 3000; ms += 50) expect(isRecorded(camera, ms)).toBe(gapAt(camera, ms) === null);
  expect(gapAt(camera, 2100)?.reason).toBe("disk_full");
});

test("the next stretch of any camera is found", () => {
  expect(nextRecorded([camera], 2100)).toBe(2500);
  expect(nextRecorded([camera, { recorded: [{ begins_at: at(2200), ends_at: at(2300) }] }], 2100)).toBe(2200);
  expect(nextRecorded([camera], 2600)).toBeNull();
});
