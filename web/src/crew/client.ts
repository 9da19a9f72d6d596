/** The crew page's questions to the server. */
import { accessQuestions } from "../api/access_client";
import type { Ask } from "../api/ask";
import type { MapDocument } from "../api/types";
import type { Answer, Entry, Fix } from "./values";

export type CrewClient = ReturnType<typeof createCrewClient>;

/** Where an act goes and what is said there, the same at every try. */
export function asked({ id, at, act }: Pick<Entry, "id" | "at" | "act">): { path: string; body: object } {
  const said = { at, client_event_id: id };
  switch (act.kind) {
    case "status": {
      const { dispatch_id, kind: _, ...rest } = act;
      return { path: `/api/crew/dispatches/${dispatch_id}/status`, body: { ...rest, ...said } };
    }
    case "duty":
      return { path: "/api/crew/duty", body: { duty: act.duty, ...(act.reason && { reason: act.reason }), ...said } };
    case "message":
      return { path: "/api/crew/messages", body: { text: act.text, ...said } };
    case "read":
      return { path: "/api/crew/messages/read", body: { up_to: act.up_to, ...said } };
    case "notice":
      return { path: `/api/crew/notices/${act.notice_id}/acknowledge`, body: said };
    case "panic":
      return { path: "/api/crew/panic", body: { ...(act.place && { place: act.place }), ...said } };
  }
}

/** Build the questions on a way to ask. */
export function createCrewClient(ask: Ask) {
  const post = <T>(path: string, body: unknown) => ask<T>("POST", path, { body });
  return {
    ...accessQuestions(ask),
    crew: () => ask<Answer>("GET", "/api/crew"),
    map: () => ask<MapDocument>("GET", "/api/map"),
    act: (entry: Entry) => {
      const { path, body } = asked(entry);
      return post<unknown>(path, { ...body, sent_at: new Date().toISOString() }); // the server sees how far the clock is off
    },
    positions: (positions: Fix[]) => post<unknown>("/api/crew/positions", { positions }),
    pushKey: () => ask<{ key: string | null }>("GET", "/api/crew/push"),
    subscribe: (phone: PushSubscriptionJSON) => post<void>("/api/crew/push", phone),
    unsubscribe: (endpoint: string) => ask<void>("DELETE", "/api/crew/push", { body: { endpoint } }),
  };
}
