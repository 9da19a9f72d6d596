import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { CameraCalibration, CameraPicture, View } from "../../api/calibration";
import type { Client } from "../../api/client";
import { createWork } from "./work";

const VIEW = { preset: null, points: [], height_m: null, hfov_deg: null, roll_deg: 0, range_m: 120 } as unknown as View;
const client = {} as Client;

function build(account_id: number, camera_id: number, view = VIEW) {
  const camera = { id: camera_id } as CameraCalibration;
  return createWork(account_id, client, camera, view, signal<CameraPicture | null>(null));
}

test("points that nobody stored yet are there again for the same account, and for no other", () => {
  const work = build(1, 5);
  work.clickPixel([1, 2]);
  work.clickPlace({ lon: 76, lat: 43 });
  work.stop();
  expect(build(2, 5).draft.value.marks).toHaveLength(0);
  const again = build(1, 5);
  expect(again.draft.value.marks).toHaveLength(1);
  again.stop();
});

test("points that were clicked over others than are stored by now are dropped", () => {
  const work = build(1, 6);
  work.clickPixel([1, 2]);
  work.clickPlace({ lon: 76, lat: 43 });
  work.stop();
  const stored = { ...VIEW, points: [{ x: 9, y: 9, lon: 76, lat: 43, elevation_m: null }] };
  expect(build(1, 6, stored).draft.value.marks[0]?.pixel).toEqual([9, 9]);
});
