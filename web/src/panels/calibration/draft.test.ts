import { expect, test } from "vitest";
import type { Drafted, Pixel, View } from "../../api/calibration";
import {
  askedOf,
  choose,
  clickPixel,
  clickPlace,
  type Draft,
  doubted,
  draftOf,
  EMPTY,
  elevate,
  groundSaid,
  lensSaid,
  nextOf,
  numberOf,
  poseOf,
  remove,
  saidOf,
  within,
} from "./draft";

const HERE = { lon: 76.94, lat: 43.24 };
const VIEW: View = {
  preset: null,
  name: { kk: "к", ru: "р", en: "e" },
  width_px: 768,
  height_px: 576,
  height_m: null,
  heading_deg: null,
  tilt_deg: null,
  roll_deg: 0,
  hfov_deg: null,
  hfov_found: false,
  distortion: null,
  ground: null,
  range_m: 120,
  points: [],
  calibration: "none",
  error_m: null,
  calibrated_at: null,
  calibrated_by: null,
};
const SIZE: Pixel = [768, 576];
const NO_POSE = saidOf(VIEW);

const marked = (count: number): Draft => {
  let draft = EMPTY;
  for (let n = 0; n < count; n++) draft = clickPlace(clickPixel(draft, [n, n]), { lon: 76 + n, lat: 43 });
  return draft;
};

test("a pixel and a place make a point, whichever comes first", () => {
  expect(clickPlace(clickPixel(EMPTY, [1, 2]), HERE).marks).toEqual([
    { pixel: [1, 2], place: HERE, elevation_m: null },
  ]);
  expect(clickPixel(clickPlace(EMPTY, HERE), [1, 2]).marks).toHaveLength(1);
  expect(clickPixel(clickPixel(EMPTY, [1, 2]), [3, 4])).toEqual({ ...EMPTY, pixel: [3, 4] });
});

test("a click moves the point that is chosen, and a point that is taken away is chosen no more", () => {
  const moved = clickPlace(clickPixel(choose(marked(3), 1), [9, 9]), HERE);
  expect(moved.marks[1]).toEqual({ pixel: [9, 9], place: HERE, elevation_m: null });
  expect(moved.marks).toHaveLength(3);
  expect(choose(moved, 1).chosen).toBeNull();
  expect(remove(moved, 1)).toMatchObject({ chosen: null, marks: { length: 2 } });
});

test("the chosen point is told how high it lies, and no other", () => {
  expect(elevate(marked(2), 1.5)).toEqual(marked(2));
  expect(elevate(choose(marked(2), 1), 1.5).marks.map((mark) => mark.elevation_m)).toEqual([null, 1.5]);
});

test("what is missing is said, by what is known", () => {
  expect(nextOf(marked(3), true)).toEqual({ word: "need_more", n: 1 });
  expect(nextOf(marked(4), false)).toEqual({ word: "need_more", n: 2 });
  expect(nextOf(marked(6), false)).toEqual({ word: "more_is_better", n: 2 });
  expect(nextOf(marked(8), false)).toEqual({ word: "enough", n: 8 });
  expect(nextOf(clickPixel(EMPTY, [1, 1]), false).word).toBe("now_map");
  expect(nextOf(clickPlace(EMPTY, HERE), false).word).toBe("now_picture");
  expect(nextOf(choose(marked(8), 2), false)).toEqual({ word: "moving", n: 3 });
});

test("nothing is asked before there is enough to ask", () => {
  const told = { way: "points", draft: marked(5), pose: NO_POSE, field: "", range: "" } as const;
  expect(askedOf(VIEW, SIZE, told)).toBeNull();
  expect(askedOf(VIEW, null, { ...told, draft: marked(8) })).toBeNull();
  expect(askedOf(VIEW, SIZE, { ...told, field: "60,5" })).toMatchObject({ hfov_deg: 60.5, pose: null, width_px: 768 });
  expect(askedOf(VIEW, SIZE, { ...told, field: "60", range: "75" })?.range_m).toBe(75);
  expect(askedOf(VIEW, SIZE, { ...told, way: "pose" })).toBeNull();
  const pose = { height_m: "8", heading_deg: "-10", tilt_deg: "15", hfov_deg: "60", roll_deg: "" };
  expect(askedOf(VIEW, SIZE, { ...told, way: "pose", pose })).toMatchObject({
    points: [],
    pose: { heading_deg: 350, roll_deg: 0 },
  });
});

test("a lens and a slope are asked as they are typed, left to be found where they are empty", () => {
  const told = { way: "points", draft: marked(8), pose: NO_POSE, field: "", range: "" } as const;
  expect(askedOf(VIEW, SIZE, { ...told, lens: "", ground: " " })).toMatchObject({ distortion: null, ground: null });
  expect(askedOf(VIEW, SIZE, { ...told, lens: "-0,25; 0.1", ground: "0,02 -0.01" })).toMatchObject({
    distortion: [-0.25, 0.1],
    ground: { east_grade: 0.02, north_grade: -0.01 },
  });
  for (const wrong of [{ lens: "bent" }, { lens: "1 2 3 4 5 6" }, { ground: "1" }])
    expect(askedOf(VIEW, SIZE, { ...told, ...wrong })).toBeNull();
  const own: View = { ...VIEW, distortion: [-0.25, 0], ground: { east_grade: 0.02, north_grade: 0 } };
  expect([lensSaid(own), groundSaid(own), lensSaid(VIEW), groundSaid(VIEW)]).toEqual(["-0.25 0", "0.02 0", "", ""]);
});

test("numbers are read as people write them", () => {
  expect([numberOf("7,5"), numberOf(" 7.5 "), numberOf(""), numberOf("seven")]).toEqual([7.5, 7.5, null, null]);
  expect(poseOf({ ...NO_POSE, height_m: "8" })).toBeNull();
});

test("a stored view is taken up again with its elevations", () => {
  const points = [{ x: 1, y: 2, ...HERE, elevation_m: 0.5 }];
  const draft = draftOf({ ...VIEW, points });
  expect(
    askedOf(VIEW, SIZE, {
      way: "points",
      draft: { ...draft, marks: Array(8).fill(draft.marks[0]) },
      pose: NO_POSE,
      field: "",
      range: "",
    })?.points[0],
  ).toEqual(points[0]);
});

test("a point that the others deny, or that lies far off beside them, is doubted", () => {
  const told = (residual_m: number | null, suspect = false) => ({ residual_m, suspect });
  const drafted = { median_m: 0.5, points: [told(0.4), told(4), told(0.9, true), told(null)] } as Drafted;
  expect([0, 1, 2, 3, 4].map((index) => doubted(drafted, index))).toEqual([false, true, true, false, false]);
});

test("a pixel stays within the picture", () => {
  expect(within([-5, 900], SIZE)).toEqual([0, 576]);
});
