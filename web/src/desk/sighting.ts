/** Which cameras see a place that somebody points at on the map, and which camera is being turned. */
import { batch, computed, effect, signal, untracked } from "@preact/signals";
import type { NearCamera } from "../api/cameras";
import type { Client } from "../api/client";
import type { Place } from "../api/types";
import type { Desk } from "./desk";

export type Sighting = ReturnType<typeof createSighting>;

/** Build it on a client and the desk, whose next click on the map it may take. */
export function createSighting(client: Client, desk: Desk) {
  const place = signal<Place | null>(null);
  const found = signal<NearCamera[] | null>(null); // null: not yet known
  const turned_id = signal<number | null>(null);
  const towards = signal<Place | null>(null);

  /** Ask for a place; a late answer to an older question is thrown away. */
  async function ask(at: Place): Promise<void> {
    if (!desk.may("cameras.seeing")) return;
    desk.pointing.value = null;
    place.value = at;
    found.value = null;
    try {
      const answer = await client.seeing(at);
      if (place.peek() === at) found.value = answer.cameras;
    } catch (error) {
      if (place.peek() === at) close();
      desk.complain(error);
    }
  }
  const click = (at: Place) => void ask(at);
  const pointing = computed(() => desk.pointing.value === click); // others take a click too
  const point = () => (desk.pointing.value = pointing.value ? null : click);
  function close(): void {
    place.value = null;
    found.value = null;
  }
  /** Open the pad of a camera; `at` is the place that it is to look at. */
  const turn = (id: number | null, at: Place | null = null) =>
    batch(() => {
      turned_id.value = id;
      towards.value = at;
    });
  // What one account saw in one area is none of the next one's.
  const looks = computed(
    () => desk.session.value && `${desk.session.value.account.id} ${desk.session.value.entered.id}`,
  );
  effect(() => {
    void looks.value;
    untracked(() => {
      close();
      turn(null);
    });
  });
  return { place, found, turned_id, towards, pointing, ask, point, close, turn };
}
