/** Whether cameras hang by the rules, as it travels: counts, lists, and one camera by every rule. */
import { query } from "./access_client";
import type { Ask } from "./ask";
import type { Area, Language, Place, Title } from "./types";

export type Verdict = "not_asked" | "meets" | "breaks" | "cannot_tell";
export type Counts = { cameras: number } & Record<Verdict, number>;
export type Rule = {
  name: string;
  article: string;
  title: Title;
  of: "every" | "person" | "plate" | "situation";
  unit: string;
  least: number | null;
  most: number | null;
  best: number | null;
};
export type Report = {
  norm: Title;
  counts: Counts;
  rules: { rule: Rule; counts: Counts }[];
  areas: { area: Area; parent_id: number | null; level: number; counts: Counts }[];
  owners: { owner: string | null; owner_kind: string; counts: Counts }[];
  years: { year: number | null; why: string; title: Title; counts: Counts }[];
  gaps: { name: string; title: Title; cameras: number }[];
};
export type Deadline = { day: string | null; why: string; title: Title };
export type JudgedCamera = {
  id: number;
  code: string;
  name: Title;
  place: Place;
  area_id: number | null;
  owner: string | null;
  owner_kind: string;
  verdict: Verdict;
  breaks: string[];
  cannot_tell: string[];
  deadline: Deadline;
};
export type JudgedCameras = { cameras: JudgedCamera[]; total: number; next: number | null };
export type Finding = {
  rule: Rule;
  verdict: Verdict;
  value: number | null;
  shown: Title | null;
  source: "unknown" | "measured" | "register" | "derived";
  source_title: Title;
  at_most: boolean;
  preset: Title | null;
  because: Title | null;
  mend: { what: string; by: number | null; title: Title } | null;
};
export type CameraCompliance = {
  norm: Title;
  camera: JudgedCamera;
  area: Area | null;
  contract: string | null;
  installed_on: string | null;
  modules: string[];
  findings: Finding[];
  gaps: { name: string; title: Title }[];
};
/** Whose cameras are asked about; an owner `null` stands for all of them, `""` for those that nobody told. */
export type Whose = { area_id?: number; owner: string | null };
export type Wanted = Whose & { rule: string; verdict: Verdict | "" };

/** The questions of the client. */
export function complianceQuestions(ask: Ask) {
  return {
    compliance: (whose: Whose) => ask<Report>("GET", `/api/compliance${asked(whose)}`),
    judgedCameras: ({ rule, verdict, ...whose }: Wanted, past: number) =>
      ask<JudgedCameras>("GET", `/api/compliance/cameras${asked(whose, { rule, verdict, past })}`),
    cameraCompliance: (id: number) => ask<CameraCompliance>("GET", `/api/compliance/cameras/${id}`),
    complianceFile: (whose: Whose, language: Language) =>
      ask<Blob>("GET", `/api/compliance/export${asked(whose, { format: "xlsx", language })}`, { file: true }),
  };
}

/** The parameters of a question: an owner without a name is asked for by an empty one, which `query` would leave out. */
export function asked(whose: Whose, more: Record<string, string | number> = {}): string {
  const told = query({ area_id: whose.area_id, owner: whose.owner ?? undefined, ...more });
  return whose.owner === "" ? `${told}${told ? "&" : "?"}owner=` : told;
}
