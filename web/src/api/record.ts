/** The record of an incident: its log, and the files it goes out in. */
import { query } from "./access_client";
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
/** What the incidents of an interval go out in. */
export const TABLE_FORMATS = ["csv", "geojson", "geoparquet"] as const satisfies readonly RecordFormat[];
export type TableFormat = (typeof TABLE_FORMATS)[number];
/** The incident of a document that another centre handed over; `opened` now, and not by an earlier copy of it. */
export type Imported = { incident_id: number; number: string; opened: boolean; notes: number; left_out: number };
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

const asked = (format: RecordFormat, language: Language) => query({ format, lang: language });
/** The page that is printed. */
export const pageOf = (id: number, language: Language): string =>
  `/api/incidents/${id}/record${asked("html", language)}`;

/** Build the questions on a way to ask. */
export function recordQuestions(ask: Ask) {
  return {
    record: (id: number, format: RecordFormat, language: Language) =>
      ask<Blob>("GET", `/api/incidents/${id}/record${asked(format, language)}`, { file: true }),
    /** With who called in it: the server asks for a proof and a purpose. */
    wholeRecord: (id: number, format: RecordFormat, language: Language) =>
      ask<Blob>("GET", `/api/incidents/${id}/record/whole${asked(format, language)}`, {
        file: true,
        about: `incident:${id}`,
      }),
    /** Those opened from a time on and before another, or until now, of the area entered. */
    exportIncidents: (from: string, to: string | undefined, format: TableFormat, language: Language) =>
      ask<Blob>("GET", `/api/incidents/export${query({ from, to, format, lang: language })}`, { file: true }),
    importIncident: (document: unknown) => ask<Imported>("POST", "/api/incidents/import", { body: document }),
    log: (id: number) => ask<{ entries: LogEntry[] }>("GET", `/api/incidents/${id}/log`),
  };
}
