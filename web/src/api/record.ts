/** The record of an incident: its log, and the files it goes out in. */
import type { Ask } from "./ask";
import type { Language } from "./types";

export const RECORD_FORMATS = ["html", "pdf", "csv", "geojson", "geoparquet", "eido"] as const;
export type RecordFormat = (typeof RECORD_FORMATS)[number];
/** What a file of each is called by its end. */
export const ENDINGS: Record<RecordFormat, string> = {
  html: "html",
  pdf: "pdf",
  csv: "csv",
  geojson: "geojson",
  geoparquet: "parquet",
  eido: "json",
};
export type LogEntry = {
  source: "incident" | "dispatch" | "call" | "notice";
  id: number;
  at: string;
  /** When the device says that it was, where it is another time than the server's. */
  device_at: string | null;
  who: string;
  kind: string;
  /** The unit, the line or the recipient it is about. */
  subject: string | null;
  details: Record<string, unknown>;
};

const recordAddress = (id: number, format: RecordFormat, language: Language) =>
  `/api/incidents/${id}/record?format=${format}&lang=${language}`;

/** Build the questions on a way to ask. */
export function recordQuestions(ask: Ask) {
  return {
    record: (id: number, format: RecordFormat, language: Language) =>
      ask<Blob>("GET", recordAddress(id, format, language), { file: true }),
    log: (id: number) => ask<{ entries: LogEntry[] }>("GET", `/api/incidents/${id}/log`),
  };
}
