import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import type { CameraCalibration } from "../api/calibration";
import type { AskedView, Cut, View } from "../api/coverage";
import { createHanging } from "./hanging";

const view = {
  preset: null,
  height_m: 5,
  heading_deg: 0,
  tilt_deg: 10,
  hfov_deg: 60,
  roll_deg: 0,
  width_px: 1920,
  height_px: 1080,
  range_m: 80,
  calibration: "good",
};
const gate = { ...view, preset: "gate", calibration: "good" };
const found = { id: 7, code: "C", name: null, preset: null, place: { lon: 76.9, lat: 43.2 }, views: [view, gate] };
const nothing: View = { features: [], unseeing: null, terrain: "none", change: null };

function house() {
  const asked: AskedView[] = [];
  const answers: (() => void)[] = [];
  const client = {
    calibration: async () => found as unknown as CameraCalibration,
    coverageView: (one: AskedView) => {
      asked.push(one);
      return new Promise<View>((done) => answers.push(() => done(nothing)));
    },
    hangCamera: vi.fn(async () => ({ id: 7, lost: [] })),
  };
  const desk = { tell: vi.fn(), camera_id: signal<number | null>(7) };
  const hanging = createHanging(client, desk, signal<Cut>("purposes"), signal("situation"));
  const rest = () => new Promise((done) => setTimeout(done));
  return { hanging, asked, answers, client, rest };
}

test("while a question is under way the newest pose waits, and those between are never asked", async () => {
  const { hanging, asked, answers, rest } = house();
  await hanging.begin(7);
  for (const by of [10, 20, 30]) hanging.turnBy(by);
  expect(asked.map((one) => one.heading_deg)).toEqual([0]);
  answers[0]?.();
  await rest();
  expect(asked.map((one) => one.heading_deg)).toEqual([0, 60]);
  expect(asked[1]).toMatchObject({ instead_of: 7, purpose: "situation", cut: "purposes" });
});

test("nothing is stored until it is saved, and giving up leaves nothing behind", async () => {
  const { hanging, answers, client, rest } = house();
  await hanging.begin(7);
  hanging.nudge(3, 4);
  hanging.cancel();
  answers[0]?.();
  await rest();
  expect([hanging.pose.value, hanging.seen.value]).toEqual([null, null]);
  expect(client.hangCamera).not.toHaveBeenCalled();
});

test("a turn loses the calibration of its view, a move those of all; saving says that it is known", async () => {
  const { hanging, client } = house();
  await hanging.begin(7);
  expect(hanging.loses.value).toEqual([]);
  hanging.turnBy(5);
  expect(hanging.loses.value.map((one) => one.preset)).toEqual([null]);
  hanging.nudge(1, 0);
  expect(hanging.loses.value.map((one) => one.preset)).toEqual([null, "gate"]);
  expect(await hanging.save()).toBe(true);
  expect(client.hangCamera).toHaveBeenCalledWith(7, expect.objectContaining({ preset: null, loses_calibration: true }));
  expect(hanging.pose.value).toBeNull();
});

test("restoring puts everything back as it hangs", async () => {
  const { hanging } = house();
  await hanging.begin(7);
  hanging.change({ height_m: 9, hfov_deg: 30 });
  expect(hanging.moved.value).toBe(true);
  hanging.restore();
  expect([hanging.moved.value, hanging.pose.value?.height_m]).toEqual([false, 5]);
});
