/** A camera that is dragged and turned: what it would see, what that changes, and nothing stored until it is saved. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { Refused } from "../api/ask";
import type { CameraCalibration, View as Hung } from "../api/calibration";
import type { Client } from "../api/client";
import type { Cut, Pose, View } from "../api/coverage";
import type { Place } from "../api/types";
import { say, titleOf } from "../words/words";
import type { Desk } from "./desk";
import { bearing, further, type Part, poseOf, same, within } from "./poses";

export type Hanging = ReturnType<typeof createHanging>;
type Asked = Pick<Client, "calibration" | "coverageView" | "hangCamera">;

/** Build it on a client, the desk, and how what is seen is cut and for which purpose its change is told. */
export function createHanging(
  client: Asked,
  desk: Pick<Desk, "tell" | "camera_id">,
  cut: ReadonlySignal<Cut>,
  purpose: ReadonlySignal<string>,
  now_ms = () => performance.now(),
) {
  const camera = signal<CameraCalibration | null>(null);
  const chosen = signal<Hung | null>(null); // which of its views
  const was = signal<Pose | null>(null);
  const pose = signal<Pose | null>(null);
  const guessed = signal<readonly Part[]>([]);
  const seen = signal<View | null>(null);
  const took_ms = signal<number | null>(null); // the newest answer: from the question to its arrival
  const wrong = signal("");
  const moved = computed(() => !!pose.value && !!was.value && !same(pose.value, was.value));
  /** Views whose good calibration is lost by saving: of the one that is turned, of all where the mast is another. */
  const loses = computed(() => {
    const [is, first] = [pose.value, was.value];
    if (!is || !first || !moved.value) return [];
    const other = is.height_m !== first.height_m || !same(is, { ...is, place: first.place });
    const views = camera.value?.views ?? [];
    return views.filter((one) => one.calibration === "good" && (other || one.preset === chosen.value?.preset));
  });

  let [busy, again, turn] = [false, false, 0];
  const told = (error: unknown) => (error instanceof Refused && titleOf(error.title)) || say("said.failed");
  async function once(own: number): Promise<void> {
    const [one, is, began] = [camera.peek(), pose.peek(), now_ms()];
    if (!one || !is) return;
    try {
      const asked = { ...is, cut: cut.peek(), purpose: purpose.peek(), instead_of: one.id };
      const answer = await client.coverageView(asked);
      if (own !== turn) return;
      seen.value = answer;
      took_ms.value = now_ms() - began;
      wrong.value = "";
    } catch (error) {
      if (own === turn) wrong.value = told(error);
    }
  }
  /** One question at a time; what was moved meanwhile is asked once that is answered. */
  async function ask(): Promise<void> {
    again = true;
    if (busy) return;
    busy = true;
    while (again) {
      again = false;
      await once(turn);
    }
    busy = false;
  }
  function take(view: Hung): void {
    const one = camera.peek();
    if (!one) return;
    const found = poseOf(one, view);
    chosen.value = view;
    guessed.value = found.guessed;
    was.value = found.pose;
    pose.value = within(found.pose);
    void ask();
  }
  async function begin(id: number): Promise<void> {
    cancel();
    const own = turn;
    try {
      const found = await client.calibration(id);
      if (own !== turn) return;
      camera.value = found;
      const first = found.views.find((view) => view.preset === found.preset) ?? found.views[0];
      if (first) take(first);
    } catch (error) {
      if (own === turn) desk.tell(told(error), true);
    }
  }
  function change(part: Partial<Pose>): void {
    const is = pose.peek();
    if (!is) return;
    pose.value = within({ ...is, ...part });
    void ask();
  }
  const move = (place: Place) => change({ place });
  const nudge = (east_m: number, north_m: number) => {
    const is = pose.peek();
    if (is) move(further(is.place, east_m, north_m));
  };
  const turnBy = (by_deg: number) => change({ heading_deg: (pose.peek()?.heading_deg ?? 0) + by_deg });
  const turnTo = (place: Place) => {
    const is = pose.peek();
    if (is) change({ heading_deg: bearing(is.place, place) });
  };
  /** Everything as it hangs. */
  const restore = () => {
    const first = was.peek();
    if (first) change(first);
  };
  function cancel(): void {
    turn += 1;
    camera.value = chosen.value = was.value = pose.value = seen.value = null;
    took_ms.value = null;
    wrong.value = "";
  }
  async function save(): Promise<boolean> {
    const [one, is] = [camera.peek(), pose.peek()];
    if (!one || !is) return false;
    const { place, height_m, heading_deg, tilt_deg, hfov_deg, roll_deg } = is;
    const hung = { place, height_m, heading_deg, tilt_deg, hfov_deg, roll_deg };
    const asked = { ...hung, preset: chosen.peek()?.preset ?? null, loses_calibration: loses.peek().length > 0 };
    try {
      await client.hangCamera(one.id, asked);
    } catch (error) {
      wrong.value = told(error);
      return false;
    }
    cancel();
    desk.tell(say("hanging.saved", { name: titleOf(one.name) || one.code }));
    return true;
  }
  return {
    camera,
    chosen,
    pose,
    guessed,
    seen,
    took_ms,
    wrong,
    moved,
    loses,
    begin,
    take,
    ask,
    change,
    move,
    nudge,
    turnBy,
    turnTo,
    restore,
    cancel,
    save,
  };
}
