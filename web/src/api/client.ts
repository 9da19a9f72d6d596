/** The one way to the server's questions and answers. */
import { accessQuestions, query } from "./access_client";
import type { Ask } from "./ask";
import { calibrationQuestions } from "./calibration";
import { callQuestions } from "./calls";
import { cameraQuestions } from "./cameras";
import { clockQuestions } from "./clocks";
import { closureQuestions } from "./closures";
import { complianceQuestions } from "./compliance";
import { coverQuestions } from "./cover";
import { coverageQuestions } from "./coverage";
import { enrolmentQuestions } from "./enrolment";
import { geocodeQuestions } from "./geocode";
import { hotlistQuestions } from "./hotlist";
import { lifecycleQuestions } from "./lifecycle";
import { noticeQuestions } from "./notices";
import { panicQuestions } from "./panics";
import { pastQuestions, type Reach } from "./past";
import { placementQuestions } from "./placement";
import { planQuestions } from "./plans";
import { recordQuestions } from "./record";
import { recordingQuestions } from "./recordings";
import { redundancyQuestions } from "./redundancy";
import { regimeQuestions } from "./regime";
import { registerQuestions } from "./register";
import { replayQuestions } from "./replay";
import { reportQuestions } from "./reports";
import { rosterQuestions } from "./roster";
import { ruleQuestions } from "./rules";
import { sendingQuestions } from "./sending";
import type {
  Caller,
  CallerHistory,
  Confirmation,
  Dispatch,
  Feature,
  Health,
  History,
  Incident,
  IncidentBrief,
  MapDocument,
  Proposals,
  QyranEvent,
  Unit,
} from "./types";
import { unitQuestions } from "./units";
import { videoQuestions } from "./video";

export type Client = ReturnType<typeof createClient>;

/** Build the client on a way to ask. */
export function createClient(ask: Ask) {
  const get = <T>(path: string) => ask<T>("GET", path);
  const post = <T>(path: string, body: unknown = {}, about?: string) => ask<T>("POST", path, { body, about });
  const items = (layer: string) =>
    get<{ features: Feature[] }>(`/api/collections/${layer}/items?current=true&limit=10000`);
  return {
    ...accessQuestions(ask),
    ...callQuestions(ask),
    ...clockQuestions(ask),
    ...closureQuestions(ask),
    ...coverQuestions(ask),
    ...complianceQuestions(ask),
    ...coverageQuestions(ask),
    ...placementQuestions(ask),
    ...redundancyQuestions(ask),
    ...reportQuestions(ask),
    ...registerQuestions(ask),
    ...panicQuestions(ask),
    ...sendingQuestions(ask),
    ...unitQuestions(ask),
    ...enrolmentQuestions(ask),
    ...rosterQuestions(ask),
    ...geocodeQuestions(ask),
    ...hotlistQuestions(ask),
    ...replayQuestions(ask),
    ...lifecycleQuestions(ask),
    ...noticeQuestions(ask),
    ...pastQuestions(ask),
    ...planQuestions(ask),
    ...cameraQuestions(ask),
    ...videoQuestions(ask),
    ...calibrationQuestions(ask),
    ...ruleQuestions(ask),
    ...recordQuestions(ask),
    ...recordingQuestions(ask),
    ...regimeQuestions(ask),
    health: () => get<Health>("/api/health"),
    map: () => get<MapDocument>("/api/map"),
    items,
    /** The cameras that something reads, or has read: a register may hold a hundred thousand others. */
    streamed: async (): Promise<Feature[]> =>
      (await items("cameras")).features.filter(
        ({ properties }) => properties.enabled !== false || properties.state !== "unknown",
      ),
    newEvents: () => get<{ events: QyranEvent[] }>("/api/events?state=new&limit=200"),
    event: (id: number) => get<QyranEvent>(`/api/events/${id}`),
    confirm: (id: number, how: Confirmation) =>
      post<{ event: QyranEvent; incident: { id: number; number: string } }>(`/api/events/${id}/confirm`, how),
    reject: (id: number, reason: string) => post<{ event: QyranEvent }>(`/api/events/${id}/reject`, { reason }),
    openIncidents: () => get<{ incidents: IncidentBrief[] }>("/api/incidents?state=open&limit=200"),
    incident: (id: number) => get<Incident>(`/api/incidents/${id}`),
    note: (id: number, text: string) => post<unknown>(`/api/incidents/${id}/notes`, { text }),
    caller: (id: number) => post<Caller>(`/api/incidents/${id}/caller`, {}, `incident:${id}`),
    callerHistory: (id: number, phone: string) =>
      post<CallerHistory>("/api/callers/history", { phone }, `incident:${id}`),
    escalate: (id: number, reason: string, to_area_id: number) =>
      post<Incident>(`/api/incidents/${id}/escalate`, { reason, to_area_id }),
    takeOver: (id: number, reason: string) => post<Incident>(`/api/incidents/${id}/take-over`, { reason }),
    giveBack: (id: number) => ask<Incident>("DELETE", `/api/incidents/${id}/take-over`),
    history: (id: number, { radius_m, days }: Reach = {}) =>
      get<History>(`/api/incidents/${id}/history${query({ radius_m, days })}`),
    proposals: (id: number) => get<Proposals>(`/api/incidents/${id}/proposals`),
    /** `divert` names the open dispatches of these units that end for it; no other does. */
    dispatch: (id: number, units: number[], divert: number[] = []) =>
      post<{ dispatches: Dispatch[] }>(
        `/api/incidents/${id}/dispatches`,
        divert.length ? { units, divert } : { units },
      ),
    setStatus: (id: number, status: string) =>
      post<{ dispatch: Dispatch }>(`/api/dispatches/${id}/status`, { status, means: "dispatcher" }),
    liveTicket: () => post<{ ticket: string }>("/api/live/ticket"),
    units: () => get<{ units: Unit[] }>("/api/units"),
  };
}
