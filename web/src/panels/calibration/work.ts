/** One view of one camera at work: the draft, what the server says of it, the picture, and storing it. */
import { computed, effect, type Signal, signal } from "@preact/signals";
import type { CameraCalibration, CameraPicture, Drafted, Pixel, View } from "../../api/calibration";
import type { Client } from "../../api/client";
import type { Place } from "../../api/types";
import { sentenceOf } from "../dialogs/trial";
import {
  askedOf,
  clickPixel,
  clickPlace,
  type Draft,
  draftOf,
  groundSaid,
  lensSaid,
  type PoseSaid,
  saidOf,
  type Way,
} from "./draft";

/** What somebody clicked and did not store yet outlives the page, and a session that ends by itself. */
const left = new Map<string, { draft: Draft; from: string }>();
const REST_MS = 200; // a hand that goes on clicking is not asked about each click

export type Work = ReturnType<typeof createWork>;

/** Build it for an account on the camera's picture, which outlives it; `stop` when the view is left. */
export function createWork(
  account_id: number,
  client: Client,
  camera: CameraCalibration,
  view: View,
  picture: Signal<CameraPicture | null>,
) {
  const [key, from] = [`${account_id} ${camera.id} ${view.preset}`, JSON.stringify(view.points)];
  const kept = left.get(key);
  const draft = signal<Draft>(kept?.from === from ? kept.draft : draftOf(view)); // of what is stored anew by now, none
  const way = signal<Way>(view.points.length || view.height_m === null ? "points" : "pose");
  const pose = signal<PoseSaid>(saidOf(view));
  const field = signal(view.hfov_found ? "" : saidOf(view).hfov_deg); // what points found they find again
  const lens = signal(lensSaid(view));
  const ground = signal(groundSaid(view));
  const range = signal(String(view.range_m));
  const drafted = signal<Drafted | null>(null);
  const wrong = signal("");
  const size = computed<Pixel | null>(() => {
    const own = picture.value ?? view;
    return own.width_px && own.height_px ? [own.width_px, own.height_px] : null;
  });
  const asked = computed(() =>
    askedOf(view, size.value, {
      way: way.value,
      draft: draft.value,
      pose: pose.value,
      field: field.value,
      range: range.value,
      lens: lens.value,
      ground: ground.value,
    }),
  );
  let turn = 0;
  const stopKeeping = effect(() => {
    if (JSON.stringify(draft.value.marks) === JSON.stringify(draftOf(view).marks)) left.delete(key);
    else left.set(key, { draft: draft.value, from });
  });
  const stopAsking = effect(() => {
    const body = asked.value;
    const own = ++turn;
    if (!body) {
      drafted.value = null;
      wrong.value = "";
      return;
    }
    const waiting = setTimeout(async () => {
      try {
        const found = await client.draftCalibration(camera.id, body);
        if (own === turn) [drafted.value, wrong.value] = [found, ""];
      } catch (error) {
        if (own === turn) [drafted.value, wrong.value] = [null, sentenceOf(error)];
      }
    }, REST_MS);
    return () => clearTimeout(waiting);
  });
  function stop(): void {
    stopKeeping();
    stopAsking();
  }
  return {
    camera,
    view,
    draft,
    way,
    pose,
    field,
    range,
    lens,
    ground,
    picture,
    size,
    drafted,
    wrong,
    asked,
    clickPixel: (pixel: Pixel) => (draft.value = clickPixel(draft.peek(), pixel)),
    clickPlace: (place: Place) => (draft.value = clickPlace(draft.peek(), place)),
    stop,
  };
}
