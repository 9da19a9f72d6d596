/** The register of cameras, as it travels: entries, their history, and files that are taken in. */
import { query } from "./access_client";
import type { Ask } from "./ask";
import type { Job } from "./coverage";
import type { Area, Place, Title } from "./types";

export type FieldKind = "text" | "number" | "date" | "choice" | "choices" | "yes";
export type RegisterField = { name: string; kind: FieldKind; title: Title; unit: "m" | "deg" | "px" | null };
export type Entry = {
  id: number;
  code: string;
  name: Title;
  kind: string;
  place: Place;
  area: Area;
  owner: string | null;
  owner_kind: "state" | "private";
  contract: string | null;
  contract_until: string | null;
  installed_on: string | null;
  class: string | null;
  model: string | null;
  pole: string | null;
  node: string | null;
  link: string | null;
  modules: string[];
  watches: string[];
  facts: Record<string, number>;
  height_m: number | null;
  heading_deg: number | null;
  tilt_deg: number | null;
  hfov_deg: number | null;
  width_px: number | null;
  height_px: number | null;
  calibration: string;
  streams: boolean;
  enabled: boolean;
  state: string;
  lacks: string[];
  version: string;
};
export type Named = { name: string; count: number };
export type Register = {
  all: number;
  incomplete: number;
  streamless: number;
  owners: Named[];
  classes: Named[];
  lacking: string[];
};
export type EntryFilter = { text: string; owner: string; class: string; area: string; lacks: string };
export type EntryChanged = {
  id: number;
  at: string;
  who: string;
  act: "added" | "changed" | "removed";
  changed: Record<string, [unknown, unknown]>;
};
export type Remark = { code: string; text: Title };
export type ImportState = "sending" | "reading" | "ready" | "writing" | "done" | "failed" | "cancelled";
export type ImportChoices = {
  mapping?: Record<string, string> | null;
  crs?: string | null;
  height_unit?: "auto" | "m" | "ft";
  axes?: "auto" | "as_is" | "swapped";
  near_m?: number;
};
export type Import = {
  id: number;
  file: string;
  bytes: number;
  asked_by: string;
  asked_at: string;
  state: ImportState;
  format: string | null;
  columns: string[];
  sample: string[][];
  choices: ImportChoices;
  findings: Remark[];
  counts: Record<string, number>;
  fault: Remark | null;
  job: Job | null;
};
export type ImportRow = {
  line: number;
  code: string | null;
  name: string | null;
  place: Place | null;
  heading_deg: number | null;
  raw: string[] | null;
  refused: Remark | null;
  notes: Remark[];
  twin: "code" | "place" | "file" | null;
  twin_id: number | null;
  twin_code: string | null;
};
export type Duplicates = "skip" | "update" | "add";
export type Which = "refused" | "noted" | "twins" | "good";

export const PIECE_BYTES = 800_000;

/** The questions of the client. */
export function registerQuestions(ask: Ask) {
  const get = <T>(path: string) => ask<T>("GET", path);
  const of = (id: number) => `/api/register/imports/${id}`;
  return {
    register: () => get<Register>("/api/register"),
    registerFields: () => get<{ fields: RegisterField[] }>("/api/register/fields"),
    entries: (filter: EntryFilter, after: string) =>
      get<{ entries: Entry[]; count: number; after: string | null }>(
        `/api/register/cameras${query({ ...filter, after })}`,
      ),
    entry: (id: number) => get<Entry>(`/api/register/cameras/${id}`),
    changeEntry: (id: number, told: Record<string, unknown>) =>
      ask<Entry>("PATCH", `/api/register/cameras/${id}`, { body: told }),
    entryChanges: (id: number) => get<{ changes: EntryChanged[] }>(`/api/register/cameras/${id}/changes`),
    exportRegister: (filter: EntryFilter, format: string) =>
      ask<Blob>("GET", `/api/register/export${query({ ...filter, format })}`, { file: true }),
    imports: () => get<{ imports: Import[] }>("/api/register/imports"),
    import: (id: number) => get<Import>(of(id)),
    beginImport: (file: string, bytes: number) =>
      ask<Import>("POST", "/api/register/imports", { body: { file, bytes } }),
    sendPiece: (id: number, n: number, bytes: Blob) => ask<void>("PUT", `${of(id)}/pieces/${n}`, { bytes }),
    readImport: (id: number, choices: ImportChoices) => ask<Import>("POST", `${of(id)}/reading`, { body: choices }),
    writeImport: (id: number, duplicates: Duplicates, rows: Record<number, Duplicates>) =>
      ask<Import>("POST", `${of(id)}/writing`, { body: { duplicates, rows } }),
    forgetImport: (id: number) => ask<void>("DELETE", of(id)),
    importRows: (id: number, which: Which, after: number) =>
      get<{ rows: ImportRow[]; after: number | null }>(`${of(id)}/rows${query({ which, after })}`),
    refusedRows: (id: number, language: string) =>
      ask<Blob>("GET", `${of(id)}/refused${query({ language })}`, { file: true }),
  };
}
