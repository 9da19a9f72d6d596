/** Telephone calls as they travel, and the questions about them. */
import { query } from "./access_client";
import type { Ask } from "./ask";
import type { Area, Caller, Incident, Place, Priority, Question, Title, Urgency } from "./types";

export type PlacedBy = "aml" | "pidf_lo" | "exchange" | "address" | "common_name" | "click" | "none";
/** An open incident that a call or an incident may be the same as, and why. */
export type Likeness = {
  incident: {
    id: number;
    number: string;
    category: string;
    priority: Priority;
    state: string;
    place: Place;
    opened_at: string;
    address: string | null;
  };
  distance_m: number;
  minutes: number;
  because: Title;
};
/** By question: `yes` or `no`, a number's digits, a choice's name or words; null takes one back. */
export type Answers = Record<string, string | null>;
/** A call as an incident's card lists it. */
export type CallBrief = {
  id: number;
  line: string;
  state: "ringing" | "answered" | "ended";
  outcome: string | null;
  rang_at: string;
  answered_by: string | null;
  placed_by: PlacedBy;
  said: string;
  answers: Answers;
};
export type Call = CallBrief & {
  /** Phone and name are masked; `caller` shows them whole for a purpose. */
  phone: string | null;
  caller_name: string | null;
  answered_at: string | null;
  ended_at: string | null;
  incident_id: number | null;
  category: string | null;
  address: string | null;
  common_name: string | null;
  place: Place | null;
  radius_m: number | null;
  confidence_pct: number | null;
  area: Area | null;
  /** The place lies beyond the country or the area. */
  outside: boolean;
  /** The last hand, where another area had it before. */
  handed: { from: Area; at: string; by: string; reason: string } | null;
  /** False where one's own side handed it on: it is read here, and written there. */
  ours: boolean;
};
/** `next` is the `after` of the following page; `total` is told of open and waiting ones. */
export type CallPage = { calls: Call[]; next: number | null; total: number | null };
/** Who rings, whole, and what an exchange told of them later and otherwise. */
export type CallCaller = Caller & { later_names: string[]; later_phones: string[] };
export type CallEntry = { at: string; who: string; kind: string; details: Record<string, unknown> };
export type CallAtLength = Call & { likenesses: Likeness[]; entries: CallEntry[] };
export type CallChange = Partial<
  Pick<
    Call,
    | "said"
    | "answers"
    | "category"
    | "address"
    | "common_name"
    | "place"
    | "placed_by"
    | "radius_m"
    | "caller_name"
    | "phone"
  >
>;
export type Opening = {
  category: string;
  priority?: Priority;
  urgency?: Urgency;
  description?: string;
  address?: string;
  place: Place;
};

/** Build the questions on a way to ask. */
export function callQuestions(ask: Ask) {
  const get = <T>(path: string) => ask<T>("GET", path);
  const post = <T>(path: string, body: unknown = {}, about?: string) => ask<T>("POST", path, { body, about });
  return {
    calls: (state: string, limit = 100, after?: number) =>
      get<CallPage>(`/api/calls${query({ state, limit, ...(after && { after }) })}`),
    /** What an incident of a call would open with now: its questions are those of place and hour too. */
    callPlan: (id: number) => get<{ priority: Priority | null; questions: Question[] }>(`/api/calls/${id}/plan`),
    call: (id: number) => get<CallAtLength>(`/api/calls/${id}`),
    takeCall: () => post<CallAtLength>("/api/calls"),
    answerCall: (id: number) => post<CallAtLength>(`/api/calls/${id}/answer`),
    changeCall: (id: number, change: CallChange) => ask<CallAtLength>("PATCH", `/api/calls/${id}`, { body: change }),
    openFromCall: (id: number, opening: Opening) => post<Incident>(`/api/calls/${id}/incident`, opening),
    joinCall: (id: number, incident_id: number) => post<unknown>(`/api/calls/${id}/join`, { incident_id }),
    endCall: (id: number, outcome: string, reason?: string) =>
      post<unknown>(`/api/calls/${id}/end`, reason ? { outcome, reason } : { outcome }),
    /** Give it to another area: one's own side reads it from then on. */
    handCall: (id: number, area_id: number, reason: string) =>
      post<CallAtLength>(`/api/calls/${id}/hand`, { area_id, reason }),
    callCaller: (id: number) => post<CallCaller>(`/api/calls/${id}/caller`, {}, `call:${id}`),
  };
}
