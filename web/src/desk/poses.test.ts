import { expect, test } from "vitest";
import type { CameraCalibration, View } from "../api/calibration";
import { metresBetween } from "../map/ground";
import { bearing, further, handleOf, poseOf, same, within } from "./poses";

const place = { lon: 76.94, lat: 43.24 };
const view = {
  height_m: 5,
  heading_deg: 90,
  tilt_deg: null,
  hfov_deg: null,
  roll_deg: null,
  width_px: 1280,
  range_m: 80,
};
const camera = { place } as CameraCalibration;
const { pose, guessed } = poseOf(camera, { ...view, height_px: 720 } as View);

test("what nobody knows of a camera is taken as usual and named; an unknown tilt stays unknown", () => {
  expect(guessed).toEqual(["hfov_deg"]);
  expect(pose).toMatchObject({ place, height_m: 5, hfov_deg: 90, width_px: 1280, tilt_deg: null, roll_deg: 0 });
});

test("a pose stays within what can be, and turns around the compass", () => {
  expect(within({ ...pose, heading_deg: -10 }).heading_deg).toBe(350);
  expect(within({ ...pose, heading_deg: 725.04 }).heading_deg).toBe(5);
  expect(within({ ...pose, heading_deg: 359.97 }).heading_deg).toBe(0);
  expect(within({ ...pose, height_m: -3, hfov_deg: 400, tilt_deg: 120 })).toMatchObject({
    height_m: 0.5,
    hfov_deg: 360,
    tilt_deg: 90,
  });
});

test("ten metres to the east are ten metres, and lie in the east", () => {
  const there = further(place, 10, 0);
  expect(metresBetween(place, there)).toBeCloseTo(10, 2);
  expect(bearing(place, there)).toBeCloseTo(90, 3);
  expect(bearing(place, further(place, -5, -5))).toBeCloseTo(225, 1);
});

test("the handle lies where the camera looks, half its range away", () => {
  expect(bearing(place, handleOf(pose))).toBeCloseTo(90, 3);
  expect(metresBetween(place, handleOf(pose))).toBeCloseTo(40, 1);
});

test("a pose is the same until somebody changes it", () => {
  expect(same(pose, { ...pose, heading_deg: 90.01 })).toBe(true);
  expect(same(pose, { ...pose, tilt_deg: 10 })).toBe(false);
  expect(same(pose, { ...pose, place: further(place, 0.1, 0) })).toBe(false);
});
