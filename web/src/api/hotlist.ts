/** The hotlist as it travels: plates that are looked for, and where they were seen; the questions about them. */

import type { AreaNode } from "./access";
import { query } from "./access_client";
import type { Ask } from "./ask";
import type { Ellipse, Place, Title } from "./types";

export const HOTLIST_KINDS = ["stolen", "wanted", "missing", "other"] as const;
export type HotlistKind = (typeof HOTLIST_KINDS)[number];
export type HotlistEntry = {
  id: number;
  plate: string;
  kind: HotlistKind;
  legal_basis: string;
  owner: string;
  area: AreaNode;
  begins_at: string;
  ends_at: string;
  note: string;
  created_at: string;
  created_by: string;
  ended_at: string | null;
  ended_by: string | null;
  standing: "coming" | "live" | "over" | "ended";
  hits: number;
};
export type NewHotlistEntry = Pick<HotlistEntry, "plate" | "kind" | "legal_basis" | "owner" | "ends_at" | "note"> & {
  area_id: number;
};
export type RefusedRow = { line: number; column: string | null; why: string };
export type Imported = { added: number; refused: number; rows: RefusedRow[] };
export type Hit = {
  event_id: number;
  at: string;
  place: Place;
  ellipse: Ellipse | null;
  camera: { id: number; code: string; name: Title } | null;
  certainty: number;
  state: "new" | "confirmed" | "rejected";
  incident_id: number | null;
  merged: number;
};

/** The questions of the client; whoever changes the list says why, each time. */
export function hotlistQuestions(ask: Ask) {
  return {
    hotlist: (plate: string, after?: number) =>
      ask<{ entries: HotlistEntry[]; next: number | null }>(
        "GET",
        `/api/hotlist${query({ plate, after, limit: 100 })}`,
      ),
    lookFor: (body: NewHotlistEntry) => ask<HotlistEntry>("POST", "/api/hotlist", { body }),
    importHotlist: (csv: string) => ask<Imported>("POST", "/api/hotlist/import", { body: { csv } }),
    endSearch: (id: number) => ask<HotlistEntry>("POST", `/api/hotlist/${id}/end`, { body: {} }),
    hits: (id: number) => ask<{ entry: HotlistEntry | null; hits: Hit[] }>("GET", `/api/hotlist/${id}/hits`),
  };
}
