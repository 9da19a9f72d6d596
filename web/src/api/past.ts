/** What happened before at a place, an address, a phone or a road; what is to be known of the premises. */
import { query } from "./access_client";
import type { Ask } from "./ask";
import type { CallCount, PastIncident, Place } from "./types";

export type PastKind = "place" | "address" | "phone" | "road" | "visits";
export type Visit = { service: string; call_sign: string | null; arrived_at: string; left_at: string | null };
export type PastRow = PastIncident & { duplicate: boolean; false_alarm: boolean; visits: Visit[] };
export type Past = {
  what: PastKind;
  total: number;
  by_category: { category: string; count: number }[];
  duplicates: number;
  false_alarms: number;
  /** Of a phone: its calls that came to no incident, by what became of them. */
  calls: CallCount[];
  rows: PastRow[];
  radius_m: number | null;
  days: number;
  street: string | null;
};
export type PremisesKind = "hazard" | "note" | "key" | "contact";
export type PremisesNote = {
  id: number;
  kind: PremisesKind;
  text: string | null;
  masked: boolean;
  place: Place | null;
  address: string | null;
  distance_m: number | null;
  made_by: string;
  made_at: string;
  until: string | null;
  ended_at: string | null;
  standing: boolean;
};
export type PremisesNotes = { radius_m: number; days: number; notes: PremisesNote[] };
/** How far was looked, metres and days, where somebody said so; without it each kind looks as far as the server has it. */
export type Reach = { radius_m?: number; days?: number };
export type NewNote = { kind: PremisesKind; text: string; place: Place; address?: string; until?: string };

/** Build the questions on a way to ask. */
export function pastQuestions(ask: Ask) {
  return {
    pastOf: (id: number, what: PastKind, { radius_m, days }: Reach = {}) =>
      what === "phone"
        ? ask<Past>("GET", `/api/incidents/${id}/past/phone${query({ days })}`, { about: `incident:${id}` })
        : ask<Past>("GET", `/api/incidents/${id}/past${query({ what, radius_m, days })}`),
    premises: (id: number, { days }: Reach = {}) =>
      ask<PremisesNotes>("GET", `/api/incidents/${id}/premises${query({ days })}`),
    addNote: (note: NewNote) => ask<PremisesNote>("POST", "/api/premises", { body: note }),
    endNote: (id: number) => ask<unknown>("DELETE", `/api/premises/${id}`),
  };
}
