/** The server's values as they travel: times ISO 8601 UTC, places in degrees WGS 84. */

import type { CallBrief, Likeness } from "./calls";
import type { RunningClock } from "./clocks";
import type { Lineage } from "./lifecycle";
import type { Clip } from "./recordings";

export type Language = "kk" | "ru" | "en";
export type Title = Record<Language, string>;
export type Place = { lon: number; lat: number };
export type Priority = number;
export type Service = string;
export type LineString = { type: "LineString"; coordinates: [number, number][] };
export type Feature = {
  type: "Feature";
  id: number;
  geometry: { type: string; coordinates: unknown } | null;
  properties: Record<string, unknown>;
};

export type Area = { id: number; code?: string; level?: number; name: Title };
/** As the answer shows them: `masked` where the whole needs a purpose. */
export type Caller = { name: string | null; phone: string | null; masked?: boolean };

export type LegendEntry = { colour: string; shape: string; title: Title };
export type TileLook = {
  kind: "tiles";
  url: string;
  min_zoom: number;
  max_zoom: number;
  style: Record<string, unknown>[];
};
export type DeckLook = { kind: "deck"; deck: Record<string, unknown>[] };
export type MapLayer = {
  name: string;
  title: Title;
  about: Title;
  live: "never" | "rows" | "positions";
  shown_at_start: boolean;
  legend: LegendEntry[];
  look: TileLook | DeckLook;
};
/** The ambulance's, by the time to the scene. */
export type Urgency = "I" | "II" | "III" | "IV";
export type Category = {
  title: Title;
  group: string;
  priority: Priority;
  urgency: Urgency | null;
  units: Record<Service, number>;
  asks: string[];
};
export type Question = {
  name: string;
  title: Title;
  answer: "yes_no" | "number" | "text" | "choice";
  choices: { name: string; title: Title }[];
};
export type AnswerTarget = { title: Title; target_s: number; warn_s: number };
export type MapDocument = {
  title: Title;
  centre: Place;
  bounds: [number, number, number, number];
  zoom: number;
  area: Area;
  layers: MapLayer[];
  kinds: Record<string, { title: Title; category: string }>;
  groups: Record<string, { title: Title }>;
  categories: Record<string, Category>;
  questions: Record<string, Question>;
  /** The ambulance's time to the scene, seconds. */
  urgencies: Record<Urgency, number>;
  regimes: Record<string, { title: Title }>;
  /** The version of the plans that they are of. */
  plans: number;
  /** Within how long a call that rings is to be answered, and when that warns; seconds. */
  answer?: AnswerTarget | null;
  unit_kinds: Record<string, { title: Title; service: Service }>;
  /** What crews can do and units carry. */
  skills: Record<string, { title: Title }>;
  services: Record<Service, { title: Title; number: string; colour: string }>;
  /** Local words by their code. */
  labels?: Labels;
  statuses: {
    units: Record<string, Title>;
    events: Record<string, Title>;
    dispositions?: Record<string, Title>;
    incidents?: Record<string, Title>;
  };
};

/** A local word means a duty or a status; said by these services, or by all where none is named. */
export type Labels = Record<string, { title: Title; means: { duty?: string; status?: string }; services?: Service[] }>;

export type Ellipse = { major_m: number; minor_m: number; bearing_deg: number };
export type Picture = {
  url: string;
  width_px: number;
  height_px: number;
  box: [number, number, number, number] | null;
};
export type JoinProposal = {
  action: "join";
  incident: { id: number; number: string; category: string; priority: Priority; place: Place };
  distance_m: number;
  age_s: number;
  reason: Title;
};
export type OpenProposal = { action: "open"; category: string; priority: Priority; reason: Title };
export type QyranEvent = {
  id: number;
  kind: string;
  source: string;
  camera: { id: number; code: string; name: Title } | null;
  at: string;
  received_at: string;
  certainty: number;
  state: "new" | "confirmed" | "rejected";
  decided_at: string | null;
  decided_by: string | null;
  reason: string | null;
  place: Place;
  ellipse: Ellipse | null;
  placed_by: string;
  area: Area | null;
  picture: Picture | null;
  /** Of a camera's event, where it is read by itself. */
  clip?: Clip | null;
  incident_id: number | null;
  details: Record<string, unknown>;
  proposal: JoinProposal | OpenProposal | null;
  /** Open incidents that it may be about, the likeliest first. */
  likenesses: Likeness[];
};

export type Entry = {
  status: string;
  at: string;
  received_at: string;
  who: string;
  means: string;
  reason: string | null;
};
export type Dispatch = {
  id: number;
  incident_id: number;
  incident_number: string;
  unit: { id: number; call_sign: string; service: Service; kind: string };
  status: string;
  /** What may follow; none once the unit is no longer bound. */
  next: string[];
  dispatched_at: string;
  dispatched_by: string;
  status_at: string;
  eta_at: string | null;
  route_s: number | null;
  route_m: number | null;
  straight: boolean;
  route: LineString;
  /** When route and arrival were last reckoned; null: at dispatch. */
  routed_at: string | null;
  /** The unit's last position, where none came for a minute since. */
  silent_since: string | null;
  /** Of one that was diverted: where its unit went, as far as one sees that. */
  diverted_to?: { dispatch_id: number; incident_id: number; incident_number: string } | null;
  entries: Entry[];
};
export type IncidentBrief = {
  id: number;
  number: string;
  category: string;
  priority: Priority;
  alarm?: number;
  urgency?: Urgency | null;
  state: string;
  opened_at: string;
  closed_at: string | null;
  opened_by: string;
  description: string;
  address: string | null;
  caller: Caller | null;
  place: Place;
  area: Area | null;
  /** The level above that took it over, and the one that was called to it. */
  held_by?: Area | null;
  escalated_to?: Area | null;
  units?: number;
  /** How many of them nobody heard of for a minute. */
  silent?: number;
  /** Until when the crew is to acknowledge that was sent first and has not yet. */
  answer_by?: string | null;
  /** The most urgent of those that run. */
  clock?: RunningClock | null;
};
/** `details.by` tells the role and the area of who did it, where it was a person. */
export type TimelineEntry = { id: number; at: string; kind: string; who: string; details: Record<string, unknown> };
/** How many of a phone's calls came to no incident so. */
export type CallCount = { outcome: "transferred" | "no_action" | "abandoned" | "test"; count: number };
/** What a phone reported or called about before. */
export type CallerHistory = { incidents: IncidentBrief[]; calls: CallCount[] };
export type Incident = IncidentBrief &
  Partial<Lineage> & {
    events: QyranEvent[];
    calls?: CallBrief[];
    clocks?: RunningClock[];
    dispatches: Dispatch[];
    timeline: TimelineEntry[];
  };

export type Unit = {
  id: number;
  call_sign: string;
  service: Service;
  kind: string;
  crew: number;
  duty: string;
  status: string;
  station: Title | null;
  place: Place | null;
  at: string | null;
  position_age_s: number | null;
  stale: boolean;
  speed_kmh: number | null;
  heading_deg: number | null;
  area_id: number | null;
  dispatch: {
    id: number;
    incident_id: number;
    incident_number: string;
    priority?: number;
    status: string;
    eta_at: string | null;
  } | null;
  /** NENA-STA-021.1: Available, ConditionallyAvailable or NotAvailable, and what it does besides. */
  primary?: string;
  secondary?: string[];
  skills?: string[];
  equipment?: Record<string, number>;
  vehicle?: string | null;
  radio_name?: string | null;
  local_status?: string | null;
  label?: Title | null;
  shift?: { begins_at: string; ends_at: string } | null;
  panic?: { id: number; raised_at: string; acknowledged_at: string | null } | null;
  /** What its crew wrote and no desk has read; null where nothing, and for who does not write to crews. */
  unread?: { count: number; newest: number } | null;
  /** No position for a minute, on the way. */
  silent?: boolean;
};
/** What its leaving takes from the cover of its own area, 0 to 1, and the seconds that this was weighed as. */
export type CoverLost = { area_id: number; lost_share: number; penalty_s: number };
export type Proposal = {
  unit: Unit;
  /** Index in `needs` of what it answers. */
  need: number;
  /** The one yes to the whole plan sends it. */
  chosen: boolean;
  cover: CoverLost | null;
  eta_s: number;
  route_m: number;
  straight_m: number;
  position_age_s: number;
  straight: boolean;
  route: LineString;
  reasons: Title[];
};
export type PassedOver = { unit: Unit; code: string; straight_m: number; eta_s: number | null; reason: Title };
export type ProposedNeed = {
  service: Service;
  kinds: string[];
  skills: string[];
  asked: number;
  /** Still to be sent. */
  wanted: number;
  chosen: number[];
};
export type Shortfall = {
  service: Service;
  kinds: string[];
  skills: string[];
  wanted: number;
  found: number;
  reason: Title;
};
export type Proposals = {
  incident_id: number;
  plan: {
    category: string;
    alarm: number;
    highest_alarm: number;
    regime: string;
    version: number;
    priority: number;
    urgency: string | null;
    because: Title[];
  };
  needs: ProposedNeed[];
  /** What the one yes sends. */
  chosen: number[];
  blue_light: Service[];
  services: Service[];
  router: string;
  straight: boolean;
  took_ms: number;
  proposals: Proposal[];
  passed_over: PassedOver[];
  shortfall: Shortfall[];
};
export type PastIncident = {
  id: number;
  number: string;
  category: string;
  priority: Priority;
  state: string;
  opened_at: string;
  closed_at: string | null;
  address: string | null;
  place: Place;
  distance_m: number;
};
export type PastEvent = { id: number; kind: string; at: string; state: string; place: Place; distance_m: number };
export type History = {
  radius_m: number;
  days: number;
  total: number;
  incidents: PastIncident[];
  events: PastEvent[];
  by_category: { category: string; count: number }[];
};
export type Confirmation = { join?: number; category?: string; priority?: number; description?: string };
export type Health = {
  status: "ok" | "degraded";
  time: string;
  parts: { name: string; state: "ok" | "stale" | "down"; detail: string }[];
};
