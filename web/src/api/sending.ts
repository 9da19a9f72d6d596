/** How one unit would do at an incident, asked before it is sent there by hand. */
import type { Ask } from "./ask";
import type { CoverLost, LineString, Title, Unit } from "./types";

export type Dragged = {
  unit: Unit;
  /** Index of the need that it answers; null where the plan asks for no such unit. */
  need: number | null;
  /** Why it would not be proposed; null where it would. */
  code: string | null;
  eta_s: number | null;
  route_m: number | null;
  straight: boolean;
  route: LineString | null;
  cover: CoverLost | null;
  reasons: Title[];
};

/** The questions of the client. */
export function sendingQuestions(ask: Ask) {
  return {
    preview: (incident: number, unit: number) => ask<Dragged>("GET", `/api/incidents/${incident}/proposals/${unit}`),
  };
}
