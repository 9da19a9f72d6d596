/** What a dispatcher does: confirm, reject, dispatch, note, close. Each is one question to the server and what follows from it. */
import { signal } from "@preact/signals";
import { Refused } from "../api/ask";
import type { Client } from "../api/client";
import type { Confirmation, Dispatch, Incident, QyranEvent } from "../api/types";
import { say } from "../words/words";
import type { Desk } from "./desk";
import { after } from "./queue";
import { type Survivor, survivorOf } from "./survivor";

export type Operations = ReturnType<typeof createOperations>;

/** What confirming does where nothing else is chosen: what the proposal says. */
export function asProposed(event: QyranEvent): Confirmation {
  const proposal = event.proposal;
  if (!proposal) return {};
  if (proposal.action === "join") return { join: proposal.incident.id };
  return { category: proposal.category };
}

/** Build the operations on a client and the desk they change. */
export function createOperations(client: Client, desk: Desk) {
  /** Take a decided event off the queue and hand back which one comes next. */
  function dropEvent(id: number): number | null {
    const next = after(
      desk.queue.value.map((event) => event.id),
      id,
    );
    const left = new Map(desk.events.value);
    left.delete(id);
    desk.events.value = left;
    return next;
  }

  /** What stands for the incident that an event could not be joined to, because it was merged away. */
  const survivor = signal<(Survivor & { event_id: number }) | null>(null);
  async function confirm(event: QyranEvent, how = desk.draft.value ?? asProposed(event)): Promise<void> {
    survivor.value = null;
    function learn(error: unknown): never {
      const found = survivorOf(error);
      survivor.value = found && { ...found, event_id: event.id };
      throw error;
    }
    const answer = await desk.act(() => client.confirm(event.id, how).catch(learn));
    if (!answer) return desk.refreshEvents();
    dropEvent(event.id);
    desk.tell(say("said.confirmed", { number: answer.incident.number }));
    desk.refreshIncidents();
    desk.openIncident(answer.incident.id, false);
    desk.flyTo(event.place);
  }

  async function reject(event: QyranEvent, reason: string): Promise<void> {
    const answer = await desk.act(() => client.reject(event.id, reason));
    if (!answer) return desk.refreshEvents();
    const next = dropEvent(event.id);
    desk.tell(say("said.rejected"));
    desk.select(next === null ? null : { kind: "event", id: next }, false);
  }

  /** Who was quicker with a unit: told until the next order, because the notice of it goes away. */
  const lost = signal<Refused | null>(null);
  function lose(error: unknown): never {
    if (error instanceof Refused && error.code === "unit_busy") lost.value = error;
    throw error;
  }
  async function dispatch(
    units: readonly number[],
    incident = desk.opened_id.value,
    divert: readonly number[] = [],
  ): Promise<void> {
    if (incident === null || units.length === 0) return;
    lost.value = null;
    const answer = await desk.act(() => client.dispatch(incident, [...units], [...divert]).catch(lose));
    if (answer) {
      desk.chosen_units.value = new Set();
      desk.hovered_unit.value = null;
      desk.tell(say("said.dispatched", { units: answer.dispatches.map((sent) => sent.unit.call_sign).join(", ") }));
    }
    for (const refresh of [desk.refreshOpened, desk.refreshProposals, desk.refreshUnits, desk.refreshIncidents])
      refresh();
  }

  async function setStatus(sent: Dispatch, status: string): Promise<void> {
    await desk.act(() => client.setStatus(sent.id, status));
    desk.refreshOpened();
    desk.refreshUnits();
  }

  async function note(text: string): Promise<boolean> {
    const incident = desk.opened_id.value;
    if (incident === null || !text.trim()) return false;
    const answer = await desk.act(() => client.note(incident, text.trim()));
    desk.refreshOpened();
    return answer !== null;
  }

  /** Do what changes who commands the open incident, and show it. */
  async function command(work: (incident: number) => Promise<Incident>, told: string): Promise<boolean> {
    const incident = desk.opened_id.value;
    const answer = incident === null ? null : await desk.act(() => work(incident));
    if (!answer) return false;
    desk.tell(told);
    desk.refreshOpened();
    desk.refreshIncidents();
    return true;
  }
  const escalate = (reason: string, to_area_id: number) =>
    command((id) => client.escalate(id, reason, to_area_id), say("said.escalated"));
  const takeOver = (reason: string) => command((id) => client.takeOver(id, reason), say("said.taken_over"));
  const giveBack = () => command(client.giveBack, say("said.given_back"));

  /** The chosen units: the plan's, or what a person made of them. */
  const dispatchChosen = () => dispatch([...desk.chosen_units.value]);

  return {
    confirm,
    survivor,
    reject,
    dispatch,
    dispatchChosen,
    lost,
    setStatus,
    note,
    escalate,
    takeOver,
    giveBack,
  };
}
