/** One question to the server and its answer, or its refusal. */
import type { Title } from "./types";

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

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Asked = {
  body?: unknown;
  headers?: Record<string, string>;
  /** What the question looks at: a purpose that was given for it serves until it is closed. */
  about?: string;
  /** A file instead of JSON. */
  file?: boolean;
  /** What is sent as it is, instead of JSON. */
  bytes?: Blob;
  /** Whoever asks wants no answer any more. */
  signal?: AbortSignal;
};
export type Ask = <T>(method: Method, path: string, asked?: Asked) => Promise<T>;
type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/** Return what an answer refuses, of either door. */
export async function refusal(answer: Response): Promise<Refused> {
  const body = (await answer.json().catch(() => ({}))) as { code?: string; message?: Title; details?: object };
  return new Refused(answer.status, body.code ?? `http_${answer.status}`, body.message ?? null, { ...body.details });
}

async function read<T>(answer: Response, file: boolean): Promise<T> {
  if (answer.status === 204) return undefined as T;
  return (file ? await answer.blob() : await answer.json()) as T;
}

/** After these nothing else is answered until the person does something about their session. */
const ENDS = new Set(["not_signed_in", "second_factor_needed", "new_password_needed"]);
/** The area that is looked at is gone where a look is refused so; an act may have meant another area. */
const ends = (method: Method, code: string) => ENDS.has(code) || (code === "area_closed" && method === "GET");

/** Build the asking on a `fetch`; `ended` is told by which refusal a session that was open serves no longer. */
export function createAsk(fetch: Fetch, ended: (refused: Refused) => void = () => undefined): Ask {
  return async <T>(method: Method, path: string, asked: Asked = {}) => {
    const kind = asked.bytes ? "application/octet-stream" : asked.body === undefined ? null : "application/json";
    const headers = { ...(kind && { "Content-Type": kind }), ...asked.headers };
    const body = asked.bytes ?? (asked.body === undefined ? undefined : JSON.stringify(asked.body));
    const sent = body === undefined ? {} : { body };
    const { signal } = asked;
    const init = { method, credentials: "same-origin", headers, ...sent, ...(signal && { signal }) } as const;
    const answer = await fetch(path, init).catch(() => {
      throw new Refused(0, signal?.aborted ? "gave_up" : "no_answer", null);
    });
    if (answer.ok) return read<T>(answer, asked.file ?? false);
    const refused = await refusal(answer);
    if (ends(method, refused.code) && path !== "/api/session") ended(refused);
    throw refused;
  };
}
