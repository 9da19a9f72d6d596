/** A unit in full, and what is done about it, as it travels. */
import type { Ask } from "./ask";
import type { Title, Unit } from "./types";

export type CrewMember = { name: string; role: string };
export type UnitShift = { id: number; begins_at: string; ends_at: string; crew: CrewMember[] };
/** `mine`: from the desk to the crew. */
export type UnitMessage = {
  id: number;
  at: string;
  received_at: string;
  from: string;
  text: string;
  mine: boolean;
  /** `expired`: no phone of the crew was reached in time. */
  state: "sent" | "delivered" | "read" | "expired";
  read_at: string | null;
  read_by: string | null;
};
/** A status that a position or a device proposes; a person takes it or drops it. */
export type StatusProposal = {
  id: number;
  dispatch_id: number;
  unit: { id: number; call_sign: string };
  incident: { id: number; number: string };
  status: string;
  at: string;
  reason: Title;
};
/** A change of duty; one that came late is taken and marked, one that came out of order is only kept. */
export type DutyEntry = {
  duty: string;
  at: string;
  received_at: string;
  who: string;
  reason: string | null;
  taken: boolean;
  late: boolean;
};
export type UnitInFull = Unit & {
  /** Of the shift that runs; masked for planners. */
  members: CrewMember[];
  shifts: UnitShift[];
  messages: UnitMessage[];
  proposals: StatusProposal[];
  duties: DutyEntry[];
};
export type UnitChange = {
  skills?: string[];
  equipment?: Record<string, number>;
  vehicle?: string | null;
  radio_name?: string | null;
  crew?: number;
};

/** The questions of the client. */
export function unitQuestions(ask: Ask) {
  const post = (path: string, body: object = {}) => ask<unknown>("POST", path, { body });
  return {
    unit: (id: number) => ask<UnitInFull>("GET", `/api/units/${id}`),
    setDuty: (id: number, duty: string, reason?: string) =>
      post(`/api/units/${id}/duty`, reason ? { duty, reason } : { duty }),
    changeUnit: (id: number, change: UnitChange) => ask<unknown>("PATCH", `/api/units/${id}`, { body: change }),
    planShift: (id: number, shift: { begins_at: string; ends_at: string; crew: CrewMember[] }) =>
      post(`/api/units/${id}/shifts`, shift),
    dropShift: (id: number, shift: number) => ask<unknown>("DELETE", `/api/units/${id}/shifts/${shift}`),
    tellCrew: (id: number, text: string) => post(`/api/units/${id}/messages`, { text }),
    hearCrew: (id: number, up_to: number) =>
      ask<UnitInFull>("POST", `/api/units/${id}/messages/read`, { body: { up_to } }),
    statusProposals: () => ask<{ proposals: StatusProposal[] }>("GET", "/api/status-proposals"),
    takeStatus: (id: number) => post(`/api/status-proposals/${id}/take`),
    dropStatus: (id: number) => post(`/api/status-proposals/${id}/drop`),
  };
}
