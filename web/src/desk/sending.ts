/** Sending units: what the plan chose or a person changed, and a unit that is dragged to an incident by hand. */
import { computed, effect, signal, untracked } from "@preact/signals";
import type { Client } from "../api/client";
import type { Dragged } from "../api/sending";
import type { Place } from "../api/types";
import type { Desk } from "./desk";
import type { Operations } from "./operations";

/** A unit on its way over the screen: where it is taken from, where the hand is, and the incident under it. */
export type Drag = { unit_id: number; from: Place | null; at: Place | null; over: number | null };
export type Preview = { unit_id: number; incident_id: number; answer: Dragged | null };
/** What a person is asked to choose: the incident for a unit, or the unit for an incident. */
export type Choice = { unit_id: number } | { incident_id: number };
export type Sending = ReturnType<typeof createSending>;

/** While it is in these, what the plan still wants is chosen at once; later a person chooses. */
const STILL_SENT = new Set(["intake", "pending", "assigned", "enroute"]);
const BARRED = new Set(["busy", "off_duty"]); // the server refuses these whoever asks

/** Whether a unit that was dragged may be sent, whatever else speaks against it. */
export const mayGo = (answer: Dragged): boolean => !BARRED.has(answer.code ?? "");

/** The dispatch that ends where a unit on its way is sent elsewhere; the yes to the preview names it. */
export function divertedBy(answer: Dragged): { id: number; incident_number: string } | null {
  return answer.code === "divertible" ? (answer.unit.dispatch ?? null) : null;
}

/** Build it on a client and the desk whose selection it keeps. */
export function createSending(client: Client, desk: Desk, operations: Operations) {
  const drag = signal<Drag | null>(null);
  const preview = signal<Preview | null>(null);
  const choice = signal<Choice | null>(null);
  const touched = signal(false); // a person changed what the plan chose

  const sent = computed(() => desk.opened.value?.dispatches.length ?? 0);
  effect(() => {
    void [desk.opened_id.value, sent.value]; // another card, or units went: what a person chose is done with
    touched.value = false;
  });
  const waits = computed(() => STILL_SENT.has(desk.opened.value?.state ?? ""));
  effect(() => {
    const found = desk.proposals.value;
    const as_plan = waits.value;
    untracked(() => {
      if (found && as_plan && !touched.value) desk.chosen_units.value = new Set(found.chosen);
    });
  });

  function toggle(unit_id: number): void {
    const next = new Set(desk.chosen_units.value);
    if (!next.delete(unit_id)) next.add(unit_id);
    touched.value = true;
    desk.chosen_units.value = next;
  }
  /** Choose again what the plan chose. */
  function asPlanned(): void {
    touched.value = false;
    desk.chosen_units.value = new Set(desk.proposals.value?.chosen);
  }
  const send = (units: readonly number[]): Promise<void> => operations.dispatch(units);

  /** Look how a unit would do at an incident before it is sent there. */
  async function look(unit_id: number, incident_id: number): Promise<void> {
    choice.value = null;
    drag.value = null;
    const asked: Preview = { unit_id, incident_id, answer: null };
    preview.value = asked;
    const answer = await client.preview(incident_id, unit_id).catch((error) => {
      desk.complain(error);
      return null;
    });
    if (preview.value === asked) preview.value = answer && { ...asked, answer };
  }
  const forget = () => (preview.value = null);
  /** The yes to what is previewed. */
  async function sendPreviewed(): Promise<void> {
    const shown = preview.value;
    if (!shown?.answer || !mayGo(shown.answer)) return;
    preview.value = null;
    desk.openIncident(shown.incident_id, false);
    const ends = divertedBy(shown.answer);
    await operations.dispatch([shown.unit_id], shown.incident_id, ends ? [ends.id] : []);
  }
  /** The hand let go: over an incident that shows the preview, elsewhere nothing happens. */
  function drop(): void {
    const held = drag.value;
    drag.value = null;
    if (held?.over) void look(held.unit_id, held.over);
  }

  return { drag, preview, choice, touched, toggle, asPlanned, send, look, forget, sendPreviewed, drop };
}
