/** A calibration in the making: pairs of a pixel and a place, one half after the other; pure. */
import type { AskedCalibration, ControlPoint, Drafted, Pixel, Pose, View } from "../../api/calibration";
import type { Place } from "../../api/types";

export type Mark = { pixel: Pixel; place: Place; elevation_m: number | null };
/** `chosen` is the mark that the next click moves; `pixel` and `place` are the halves of the one to come. */
export type Draft = {
  marks: readonly Mark[];
  chosen: number | null;
  pixel: Pixel | null;
  place: Place | null;
};
export type Way = "points" | "pose";
export type PoseSaid = Record<keyof Pose, string>;

export const EMPTY: Draft = { marks: [], chosen: null, pixel: null, place: null };
export const LEAST_WITH_FIELD = 4;
export const LEAST = 6;
export const WISHED = 8;
const FAR_OFF = 3; // a residual so many times the middle one is looked at again

/** The draft that a stored view starts from. */
export function draftOf(view: View): Draft {
  const marks = view.points.map(({ x, y, lon, lat, elevation_m }) => ({
    pixel: [x, y] as Pixel,
    place: { lon, lat },
    elevation_m,
  }));
  return { ...EMPTY, marks };
}

const changed = (draft: Draft, index: number, change: Partial<Mark>): Draft => ({
  ...draft,
  marks: draft.marks.map((mark, at) => (at === index ? { ...mark, ...change } : mark)),
});

function paired(draft: Draft): Draft {
  const { pixel, place } = draft;
  if (!pixel || !place) return draft;
  return { ...EMPTY, marks: [...draft.marks, { pixel, place, elevation_m: null }] };
}

/** A click in the picture: it moves the chosen mark, or is half of the next one. */
export function clickPixel(draft: Draft, pixel: Pixel): Draft {
  return draft.chosen === null ? paired({ ...draft, pixel }) : changed(draft, draft.chosen, { pixel });
}

/** A click on the map: likewise. */
export function clickPlace(draft: Draft, place: Place): Draft {
  return draft.chosen === null ? paired({ ...draft, place }) : changed(draft, draft.chosen, { place });
}

/** Choose a mark to be moved; chosen again, none is. */
export function choose(draft: Draft, index: number): Draft {
  return { ...draft, chosen: draft.chosen === index ? null : index, pixel: null, place: null };
}

/** Say how high the chosen mark lies above the ground at the camera's foot; null: it lies on the ground. */
export function elevate(draft: Draft, elevation_m: number | null): Draft {
  return draft.chosen === null ? draft : changed(draft, draft.chosen, { elevation_m });
}

/** Take a mark away. */
export function remove(draft: Draft, index: number): Draft {
  return { ...draft, marks: draft.marks.filter((_, at) => at !== index), chosen: null };
}

/** What is to be done next, as the last part of a word; `n` is how many points are still to come. */
export type Next = {
  word: "need_more" | "more_is_better" | "now_map" | "now_picture" | "moving" | "enough";
  n: number;
};

export function nextOf(draft: Draft, fieldKnown: boolean): Next {
  const [count, least] = [draft.marks.length, fieldKnown ? LEAST_WITH_FIELD : LEAST];
  if (draft.chosen !== null) return { word: "moving", n: draft.chosen + 1 };
  if (draft.pixel) return { word: "now_map", n: count + 1 };
  if (draft.place) return { word: "now_picture", n: count + 1 };
  if (count < least) return { word: "need_more", n: least - count };
  return count < WISHED ? { word: "more_is_better", n: WISHED - count } : { word: "enough", n: count };
}

/** A number that somebody typed, by point or comma; null where it is none. */
export function numberOf(said: string): number | null {
  const value = Number(said.trim().replace(",", "."));
  return said.trim() !== "" && Number.isFinite(value) ? value : null;
}

/** Numbers that somebody typed beside each other; null where there are none, undefined where one of them is no number. */
export function numbersOf(said: string): number[] | null | undefined {
  const words = said.split(/[\s;]+/).filter(Boolean);
  const numbers = words.map(numberOf);
  if (numbers.includes(null)) return undefined;
  return words.length ? (numbers as number[]) : null;
}

/** A stored lens and a stored slope as their fields show them. */
export const lensSaid = (view: View): string => view.distortion?.join(" ") ?? "";
export const groundSaid = ({ ground }: View): string => (ground ? `${ground.east_grade} ${ground.north_grade}` : "");

/** A lens and a slope out of their fields; undefined while what stands there is none. */
function lensOf(said: string): number[] | null | undefined {
  const numbers = numbersOf(said);
  return numbers && numbers.length > 5 ? undefined : numbers;
}

function groundOf(said: string): View["ground"] | undefined {
  const numbers = numbersOf(said);
  if (!numbers) return numbers;
  const [east_grade, north_grade] = numbers;
  if (numbers.length !== 2 || east_grade === undefined || north_grade === undefined) return undefined;
  return { east_grade, north_grade };
}

/** A pose out of its fields; null while one of them is empty. An empty roll is none. */
export function poseOf(said: PoseSaid): Pose | null {
  const [height_m, heading, tilt_deg, hfov_deg] = [said.height_m, said.heading_deg, said.tilt_deg, said.hfov_deg].map(
    numberOf,
  );
  if (height_m == null || heading == null || tilt_deg == null || hfov_deg == null) return null;
  return {
    height_m,
    heading_deg: ((heading % 360) + 360) % 360,
    tilt_deg,
    hfov_deg,
    roll_deg: numberOf(said.roll_deg) ?? 0,
  };
}

/** A pose as its fields show it. */
export function saidOf(pose: { [part in keyof Pose]: number | null }): PoseSaid {
  const show = (value: number | null) => (value === null ? "" : String(Math.round(value * 10) / 10));
  return {
    height_m: show(pose.height_m),
    heading_deg: show(pose.heading_deg),
    tilt_deg: show(pose.tilt_deg),
    hfov_deg: show(pose.hfov_deg),
    roll_deg: show(pose.roll_deg),
  };
}

/** What is asked of the server; null while there is too little to ask. */
export function askedOf(
  view: View,
  size: Pixel | null,
  told: { way: Way; draft: Draft; pose: PoseSaid; field: string; range: string; lens?: string; ground?: string },
): AskedCalibration | null {
  const pose = told.way === "pose" ? poseOf(told.pose) : null;
  const hfov_deg = told.way === "points" ? numberOf(told.field) : null;
  const few = told.draft.marks.length < (hfov_deg === null ? LEAST : LEAST_WITH_FIELD);
  const distortion = lensOf(told.lens ?? lensSaid(view));
  const ground = groundOf(told.ground ?? groundSaid(view));
  if (distortion === undefined || ground === undefined) return null;
  if (!size || (told.way === "pose" ? pose === null : few)) return null;
  return {
    preset: view.preset,
    width_px: size[0],
    height_px: size[1],
    points: told.way === "points" ? told.draft.marks.map(pointOf) : [],
    pose,
    hfov_deg,
    distortion,
    ground,
    range_m: numberOf(told.range) ?? view.range_m,
  };
}

const pointOf = ({ pixel: [x, y], place, elevation_m }: Mark): ControlPoint => ({ x, y, ...place, elevation_m });

/** Whether a mark is to be looked at again: the others deny it, or it lies far off beside them. */
export function doubted(drafted: Drafted | null, index: number): boolean {
  const told = drafted?.points[index];
  if (!told) return false;
  const middle = drafted?.median_m ?? 0;
  return told.suspect || (told.residual_m !== null && told.residual_m > Math.max(1, FAR_OFF * middle));
}

/** Keep a pixel within the picture. */
export function within([x, y]: Pixel, [width, height]: Pixel): Pixel {
  return [Math.min(Math.max(x, 0), width), Math.min(Math.max(y, 0), height)];
}
