/** Who is on when, as it travels. */
import type { Ask } from "./ask";
import type { Service } from "./types";
import type { UnitShift } from "./units";

/** A unit with its shifts in the time asked for, earliest first. */
export type RosterUnit = {
  id: number;
  call_sign: string;
  service: Service;
  kind: string;
  duty: string;
  shifts: UnitShift[];
};
/** From when until when no unit of a service has a shift. */
export type RosterGap = { service: Service; since: string; until: string };
export type RosterAnswer = { units: RosterUnit[]; gaps: RosterGap[] };

/** The questions of the client. */
export function rosterQuestions(ask: Ask) {
  return {
    roster: (since: string, until: string) =>
      ask<RosterAnswer>("GET", `/api/units/roster?${new URLSearchParams({ since, until })}`),
  };
}
