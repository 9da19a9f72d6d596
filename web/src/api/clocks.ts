/** The running clocks of an incident, and how well past ones were met, as they travel. */
import type { Ask } from "./ask";
import type { Area, Service, Title } from "./types";

export type RunningClock = {
  name: string;
  service: Service | null;
  title: Title;
  began_at: string;
  target_s: number;
  /** From here on it warns; seconds after `began_at`. */
  warn_s: number;
  ended_at: string | null;
  state: "running" | "warned" | "breached" | "met" | "missed";
};
export type FiguresBy = "area" | "service" | "category";
/** Which of them are wanted; empty: all. */
export type FiguresOf = { service: string; category: string; urgency: string };
export type FigureRow = {
  area?: Area;
  service?: Service | null;
  category?: string;
  clock: string;
  count: number;
  /** Of these, over their target and running still. */
  running: number;
  /** Calls beside these that nobody answered in time. */
  abandoned: number;
  p50_s: number | null;
  p90_s: number | null;
  target_s: number | null;
  share_met: number | null;
};

/** The questions of the client. */
export function clockQuestions(ask: Ask) {
  return {
    figures: (from: string, to: string, by: FiguresBy, of: FiguresOf) => {
      const chosen = Object.fromEntries(Object.entries(of).filter(([, value]) => value !== ""));
      return ask<{ rows: FigureRow[] }>(
        "GET",
        `/api/clocks/figures?${new URLSearchParams({ from, to, by, ...chosen })}`,
      );
    },
  };
}
