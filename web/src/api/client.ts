/** The one way to the server's questions and answers. */
import type {
  Account,
  Confirmation,
  Dispatch,
  Feature,
  History,
  Incident,
  IncidentBrief,
  MapDocument,
  Proposals,
  QyranEvent,
  Title,
  Unit,
} from "./types";

/** The server said no: a code to act on and a sentence to show. `status` 0 means that it did not answer. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: Title | null,
    readonly details: Record<string, unknown> = {},
  ) {
    super(code);
  }
}

type Method = "GET" | "POST" | "DELETE";
type Fetch = (path: string, init: RequestInit) => Promise<Response>;
export type Client = ReturnType<typeof createClient>;

async function refusal(answer: Response): Promise<Refused> {
  const body = (await answer.json().catch(() => ({}))) as { code?: string; message?: Title; details?: object };
  return new Refused(answer.status, body.code ?? `http_${answer.status}`, body.message ?? null, { ...body.details });
}

/** Build the client on a `fetch`; `signedOut` is told of every 401. */
export function createClient(fetch: Fetch, signedOut: () => void = () => undefined) {
  async function ask<T>(method: Method, path: string, body?: unknown): Promise<T> {
    const sent =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
    const answer = await fetch(path, { method, credentials: "same-origin", ...sent }).catch(() => {
      throw new Refused(0, "no_answer", null);
    });
    if (!answer.ok) {
      if (answer.status === 401 && path !== "/api/session") signedOut();
      throw await refusal(answer);
    }
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }
  const get = <T>(path: string) => ask<T>("GET", path);
  const post = <T>(path: string, body: unknown = {}) => ask<T>("POST", path, body);
  return {
    whoAmI: () => get<{ account: Account }>("/api/session"),
    signIn: (user: string, password: string) => post<{ account: Account }>("/api/session", { user, password }),
    signOut: () => ask<void>("DELETE", "/api/session"),
    map: () => get<MapDocument>("/api/map"),
    items: (layer: string) => get<{ features: Feature[] }>(`/api/collections/${layer}/items?current=true&limit=10000`),
    newEvents: () => get<{ events: QyranEvent[] }>("/api/events?state=new&limit=200"),
    event: (id: number) => get<QyranEvent>(`/api/events/${id}`),
    confirm: (id: number, how: Confirmation) =>
      post<{ event: QyranEvent; incident: { id: number; number: string } }>(`/api/events/${id}/confirm`, how),
    reject: (id: number, reason: string) => post<{ event: QyranEvent }>(`/api/events/${id}/reject`, { reason }),
    openIncidents: () => get<{ incidents: IncidentBrief[] }>("/api/incidents?state=open&limit=200"),
    incident: (id: number) => get<Incident>(`/api/incidents/${id}`),
    note: (id: number, text: string) => post<unknown>(`/api/incidents/${id}/notes`, { text }),
    close: (id: number) => post<unknown>(`/api/incidents/${id}/close`),
    history: (id: number, radius_m: number, days: number) =>
      get<History>(`/api/incidents/${id}/history?radius_m=${radius_m}&days=${days}`),
    proposals: (id: number) => get<Proposals>(`/api/incidents/${id}/proposals`),
    dispatch: (id: number, units: number[]) =>
      post<{ dispatches: Dispatch[] }>(`/api/incidents/${id}/dispatches`, { units }),
    setStatus: (id: number, status: string) =>
      post<{ dispatch: Dispatch }>(`/api/dispatches/${id}/status`, { status, means: "dispatcher" }),
    units: () => get<{ units: Unit[] }>("/api/units"),
  };
}
