/** What a dispatcher does: confirm, reject, dispatch, note, close. Each is one question to the server and what follows from it. */
import type { Client } from "../api/client";
import type { Confirmation, Dispatch, Incident, QyranEvent } from "../api/types";
import { say } from "../words/words";
import type { Desk } from "./desk";
import { after } from "./queue";

export type Operations = ReturnType<typeof createOperations>;

/** What confirming does where nothing else is chosen: what the proposal says. */
export function asProposed(event: QyranEvent): Confirmation {
  const proposal = event.proposal;
  if (!proposal) return {};
  if (proposal.action === "join") return { join: proposal.incident.id };
  return { category: proposal.category, priority: proposal.priority };
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

  async function confirm(event: QyranEvent, how = desk.draft.value ?? asProposed(event)): Promise<void> {
    const answer = await desk.act(() => client.confirm(event.id, how));
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

  async function dispatch(units: readonly number[]): Promise<void> {
    const incident = desk.opened_id.value;
    if (incident === null || units.length === 0) return;
    const answer = await desk.act(() => client.dispatch(incident, [...units]));
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

  async function closeIncident(): Promise<void> {
    const incident = desk.opened_id.value;
    if (incident === null) return;
    const answer = await desk.act(() => client.close(incident));
    if (answer === null) return;
    desk.tell(say("said.closed"));
    desk.closeCard();
    desk.refreshIncidents();
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

  /** The selected units, or the quickest where none is. */
  function dispatchBest(): Promise<void> {
    const chosen = [...desk.chosen_units.value];
    const best = desk.proposals.value?.proposals[0]?.unit.id;
    return dispatch(chosen.length > 0 ? chosen : best === undefined ? [] : [best]);
  }

  return { confirm, reject, dispatch, dispatchBest, setStatus, note, closeIncident, escalate, takeOver, giveBack };
}
