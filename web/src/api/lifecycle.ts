/** What becomes of an incident: duplicates, links, its place, its end; and the questions about them. */
import type { Ask } from "./ask";
import type { Likeness } from "./calls";
import type { Incident, Place } from "./types";

export type IncidentName = { id: number; number: string; category: string; state: string };
/** `kind` says what the other is to this one. */
export type Link = { other: IncidentName; kind: string; at: string; who: string; reason: string | null };
export type Disposition = { service: string; code: string; note: string | null };
export type FormerPlace = { at: string; place: Place; address: string | null; who: string; reason: string };
/** What an incident tells of its life beside its state. */
export type Lineage = {
  links: Link[];
  merged_into: IncidentName | null;
  disposition: Disposition[] | null;
  reopened_at: string | null;
  places: FormerPlace[];
};
export type Split = {
  event_ids: number[];
  call_ids: number[];
  dispatch_ids: number[];
  category?: string;
  place?: Place;
  reason: string;
};

/** Build the questions on a way to ask. */
export function lifecycleQuestions(ask: Ask) {
  const act = <T = Incident>(id: number, what: string, body: unknown) =>
    ask<T>("POST", `/api/incidents/${id}/${what}`, { body });
  return {
    likenesses: (id: number) => ask<{ likenesses: Likeness[] }>("GET", `/api/incidents/${id}/likenesses`),
    merge: (id: number, into_id: number, reason: string) => act(id, "merge", { into_id, reason }),
    split: (id: number, apart: Split) => act(id, "split", apart),
    /** Take a merge back: the incident stands by itself again. */
    unmerge: (id: number, reason: string) => act(id, "split", { reason }),
    link: (id: number, other_id: number, kind: string) => act(id, "links", { other_id, kind }),
    unlink: (id: number, other_id: number) => ask<unknown>("DELETE", `/api/incidents/${id}/links/${other_id}`),
    movePlace: (id: number, place: Place, address: string | null, reason: string) =>
      act(id, "place", { place, reason, ...(address && { address }) }),
    reopen: (id: number, reason: string) => act(id, "reopen", { reason }),
    cancelIncident: (id: number, reason: string) => act(id, "cancel", { reason }),
    setState: (id: number, state: string) => act(id, "state", { state }),
    closeWith: (id: number, dispositions: { service: string; code: string; note?: string }[], note?: string) =>
      act(id, "close", { ...(dispositions.length > 0 && { dispositions }), ...(note && { note }) }),
  };
}
