/** What the crew's page is told and what it keeps: times ISO 8601 UTC, places in degrees WGS 84. */
import type { LineString, Place, Title } from "../api/types";

/** `state`: whether the other side has read it. */
export type Message = { id: number; at: string; from: string; text: string; mine: boolean; state?: string };
export type Panic = {
  id: number;
  raised_at: string;
  received_at?: string;
  acknowledged_at: string | null;
  acknowledged_by?: string | null;
  repeated_at?: string | null;
  /** An earlier press was acknowledged, and it was pressed after that. */
  anew?: boolean;
};
export type Note = string | Title | { text: string };
export type Task = {
  id: number;
  status: string;
  /** What the server takes next; what the crew itself may press of it says `flow.ts`. */
  next: string[];
  since: string;
  eta_at: string | null;
  incident: {
    id: number;
    number: string;
    category: string;
    title: Title;
    priority: number;
    description: string;
    address: string | null;
    /** Of one without an address: what stands nearest, metres away. */
    near?: { title: Title; away_m: number } | null;
    place: Place;
    hazards: Note[];
  };
  route: LineString | null;
  /** By when somebody is to accept it. */
  acknowledge_by: string | null;
  /** It leads elsewhere than it did when the crew answered it, and nobody has said yet that the crew knows. */
  redirected?: { notice_id: number; at: string } | null;
  /** The number of the incident that it was taken from for this one. */
  diverted_from?: string | null;
};
/** Why not: for which duty or status it is meant. */
export type Reason = { code: string; title: Title; means: { duty?: string; status?: string } };
/** The answer of `GET /api/crew`. */
export type Answer = {
  unit: {
    id: number;
    call_sign: string;
    service: string;
    kind: string;
    radio_name: string | null;
    duty: string;
    status: string;
    label: Title | null;
    /** The duties that may follow now. */
    duties?: string[];
  };
  shift: { begins_at: string; ends_at: string } | null;
  dispatch: Task | null;
  messages: Message[];
  panic: Panic | null;
  reasons: Reason[];
  server_time: string;
};

/** Who signed in on this phone last. */
export type Person = { account_id: number; name: string };
/** An answer and when the phone got it, ms since 1970 by its own clock. */
export type Heard = { answer: Answer; at_ms: number };

/** One fix of the phone; `at` by its own clock. */
export type Fix = { at: string; lon: number; lat: number; speed_kmh?: number; heading_deg?: number };

/** Panics go before everything; acts go in the order in which they were done. */
export type Lane = "panic" | "acts";
export type Act =
  | { kind: "status"; dispatch_id: number; status: string; reason?: string; place?: Place }
  | { kind: "duty"; duty: string; reason?: string }
  | { kind: "message"; text: string }
  | { kind: "read"; up_to: number }
  | { kind: "notice"; notice_id: number }
  | { kind: "panic"; place?: Place };
/** An act that waits to be sent: `id` is the client event id, the same at every try. */
export type Entry = {
  id: string;
  account_id: number;
  /** When it was done, by the phone's clock. */
  at: string;
  act: Act;
  tries: number;
  /** The server said no, and will say it again: the person is told and puts it away. */
  refused: { code: string; title: Title | null } | null;
};
/** An entry with its place in the order. */
export type Numbered = Entry & { n: number };

/** The lane that an act goes by. */
export const laneOf = (act: Act): Lane => (act.kind === "panic" ? "panic" : "acts");
