/** What the chosen camera sees of the ground, for the map. */
import { effect, signal } from "@preact/signals";
import type { Line } from "../api/calibration";
import type { Client } from "../api/client";
import type { Desk } from "./desk";

/** Follow the choice; of a camera whose view nobody knows there is nothing to draw. */
export function createFields(client: Pick<Client, "calibration">, desk: Pick<Desk, "camera_id" | "may">) {
  const drawn = signal<Line>([]);
  const stop = effect(() => {
    const id = desk.camera_id.value;
    drawn.value = [];
    if (id === null || !desk.may("cameras.calibration")) return;
    client.calibration(id).then(
      ({ field }) => {
        if (desk.camera_id.peek() === id) drawn.value = field;
      },
      () => undefined, // the card of the camera says why nothing of it is seen
    );
  });
  return { drawn, stop };
}
