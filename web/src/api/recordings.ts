/** Stored video: what was recorded, tickets to play it, holds, exports. Each is asked for a purpose. */
import type { Ask, Method } from "./ask";
import type { Title } from "./types";

export type Interval = { begins_at: string; ends_at: string };
export type Gap = Interval & { reason: string };
export type TimelineEvent = {
  id: number;
  kind: string;
  at: string;
  certainty: number;
  state: string;
  clip: string | null;
};
export type RecordedCamera = {
  id: number;
  code: string;
  name: Title;
  record: "none" | "events" | "continuous";
  retention: string;
  days: number;
  state: string | null;
  reason: string | null;
  recorded: Interval[];
  gaps: Gap[];
  held: (Interval & { id: number })[];
  events: TimelineEvent[];
};
export type Recordings = Interval & { cameras: RecordedCamera[] };
/** One that is masked is for pictures with the camera's masks burnt in, and for nothing else. */
export type PlaybackTicket = Interval & {
  ticket: string;
  address: string;
  watermark: string;
  lasts_s: number;
  masked: boolean;
};
export type Clip = Interval & {
  state: "waiting" | "ready" | "missing" | "deleted";
  reason: string | null;
  bytes: number | null;
  sha256: string | null;
  codec: string | null;
};
export type Hold = Interval & {
  id: number;
  camera_id: number;
  code: string;
  reason: string;
  legal_basis: string;
  set_by: string;
  set_at: string;
};
export type NewHold = Interval & { cameras: number[]; reason: string; legal_basis: string };
export type NewExport = NewHold;
export type Export = Interval & {
  id: number;
  asked_by: string;
  camera_ids: number[];
  state: "waiting" | "building" | "ready" | "failed" | "deleted";
  why: string | null;
  bytes: number | null;
  sha256: string | null;
  key_id: string | null;
};
export type Played = (Interval & { camera: number }) | { event: number };

/** Build the questions on a way to ask; `purpose` is the header of what it is looked at for. */
export function recordingQuestions(ask: Ask) {
  const why = <T>(method: Method, path: string, purpose: string, body?: unknown) =>
    ask<T>(method, `/api/recordings${path}`, { body, headers: { "X-Qyran-Purpose": purpose } });
  return {
    recordings: (cameras: readonly number[], span: { from_ms: number; to_ms: number }, purpose: string) => {
      const said = new URLSearchParams(cameras.map((id) => ["camera", String(id)]));
      said.set("from", new Date(span.from_ms).toISOString());
      said.set("to", new Date(span.to_ms).toISOString());
      return why<Recordings>("GET", `?${said}`, purpose);
    },
    playbackTicket: (played: Played, purpose: string) => why<PlaybackTicket>("POST", "/tickets", purpose, played),
    holds: (purpose: string) => why<{ holds: Hold[] }>("GET", "/holds", purpose),
    hold: (made: NewHold, purpose: string) => why<{ holds: Hold[] }>("POST", "/holds", purpose, made),
    releaseHold: (id: number, reason: string, purpose: string) =>
      why<Hold>("POST", `/holds/${id}/release`, purpose, { reason }),
    exports: (purpose: string) => why<{ exports: Export[] }>("GET", "/exports", purpose),
    exportVideo: (made: NewExport, purpose: string) => why<Export>("POST", "/exports", purpose, made),
    exportTicket: (id: number, purpose: string) => why<PlaybackTicket>("POST", `/exports/${id}/tickets`, purpose, {}),
  };
}
