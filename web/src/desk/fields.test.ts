import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { CameraCalibration, Line } from "../api/calibration";
import { createFields } from "./fields";

const SEEN: Line = [
  [76, 43],
  [77, 43],
  [77, 44],
  [76, 43],
];
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("the field of the camera that is chosen is drawn, and of one that is left it is not", async () => {
  const asked: number[] = [];
  const calibration = async (id: number) => {
    asked.push(id);
    return { field: id === 1 ? SEEN : [] } as unknown as CameraCalibration;
  };
  const camera_id = signal<number | null>(null);
  const fields = createFields({ calibration }, { camera_id, may: () => true });
  camera_id.value = 1;
  await settled();
  expect(fields.drawn.value).toEqual(SEEN);
  camera_id.value = 2;
  camera_id.value = null;
  await settled();
  expect([fields.drawn.value, asked]).toEqual([[], [1, 2]]);
  fields.stop();
});

test("a camera that cannot be asked about draws nothing", async () => {
  const camera_id = signal<number | null>(3);
  const refusing = { calibration: () => Promise.reject(new Error("no")) };
  const fields = createFields(refusing, { camera_id, may: () => true });
  await settled();
  expect(fields.drawn.value).toEqual([]);
  fields.stop();
});
