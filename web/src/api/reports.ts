/** Reports of coverage as they travel: what is asked for, how far it is, and where its file is. */
import type { Ask } from "./ask";
import type { Job } from "./coverage";
import type { Area } from "./types";

export const FORMATS = ["html", "pdf", "gpkg", "parquet"] as const;
export type Format = (typeof FORMATS)[number];
export type AskedReport = { format: Format; language: "kk" | "ru" | "en"; purpose: string; area_id: number | null };
export type Report = {
  job: Job & { asked_at: string };
  area: Area;
  format: Format;
  language: "kk" | "ru" | "en";
  purpose: string;
  /** While it lies there. */
  file: { bytes: number; name: string; kept_until: string } | null;
};

/** The questions of the client. */
export function reportQuestions(ask: Ask) {
  return {
    reports: () => ask<{ reports: Report[] }>("GET", "/api/coverage/reports"),
    askReport: (asked: AskedReport) => ask<Report>("POST", "/api/coverage/reports", { body: asked }),
  };
}

/** Where the file of a report is taken from. */
export const fileOf = (report: Report) => `/api/coverage/reports/${report.job.id}/file`;
