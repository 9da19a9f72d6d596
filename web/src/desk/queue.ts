/** The order of the queue and the ways through it; pure. */
import type { IncidentBrief, QyranEvent, Unit } from "../api/types";
import { metresBetween } from "../map/ground";

const UNRANKED = 9;

/** How urgent an event would be: the priority its proposal carries. */
export function urgency(event: QyranEvent): number {
  if (!event.proposal) return UNRANKED;
  return event.proposal.action === "join" ? event.proposal.incident.priority : event.proposal.priority;
}

/** Most urgent first, then newest first. */
export function inOrder(events: Iterable<QyranEvent>): QyranEvent[] {
  return [...events].sort((a, b) => urgency(a) - urgency(b) || b.at.localeCompare(a.at) || b.id - a.id);
}

/** Incidents: most urgent first; among equals the one that still waits for a unit, then the newest. */
export function incidentsInOrder(incidents: Iterable<IncidentBrief>): IncidentBrief[] {
  const waits = (incident: IncidentBrief) => (incident.state === "pending" ? 0 : 1);
  return [...incidents].sort(
    (a, b) => a.priority - b.priority || waits(a) - waits(b) || b.opened_at.localeCompare(a.opened_at),
  );
}

/** The id `by` places further; stays at the ends, starts at the top where nothing is selected. */
export function step(ids: readonly number[], current: number | null, by: number): number | null {
  const at = current === null ? -1 : ids.indexOf(current);
  if (at < 0) return ids[0] ?? null;
  return ids[Math.max(0, Math.min(ids.length - 1, at + by))] ?? null;
}

/** Where the selection goes when `gone` leaves the list: the next one, or the last. */
export function after(ids: readonly number[], gone: number): number | null {
  const at = ids.indexOf(gone);
  const rest = ids.filter((id) => id !== gone);
  return rest[Math.min(Math.max(at, 0), rest.length - 1)] ?? null;
}

export type UnitFilter = { service: string | null; status: string | null; text: string };

/** Units that pass the filter: busy ones first, then by call sign. */
export function pick(units: Iterable<Unit>, filter: UnitFilter): Unit[] {
  const text = filter.text.trim().toLocaleLowerCase();
  return [...units]
    .filter((unit) => !filter.service || unit.service === filter.service)
    .filter((unit) => !filter.status || unit.status === filter.status)
    .filter((unit) => unit.call_sign.toLocaleLowerCase().includes(text))
    .sort(
      (a, b) =>
        Number(!a.dispatch) - Number(!b.dispatch) || a.call_sign.localeCompare(b.call_sign, "ru", { numeric: true }),
    );
}

const LIKE_M = 5000; // no category's likenesses reach further

/** What changes when an incident opens or is recast near a place; the place's own incident does not count. */
export function aroundOf(incidents: readonly IncidentBrief[], own: IncidentBrief): string {
  const near = incidents.filter((one) => one.id !== own.id && metresBetween(one.place, own.place) < LIKE_M);
  return near
    .map((one) => `${one.id} ${one.category} ${one.state}`)
    .sort()
    .join();
}
