/** A crew's panic as it travels: it stands over every status, and has an acknowledgement and an end of its own. */
import type { Ask } from "./ask";
import type { Told } from "./notices";
import type { Place } from "./types";

export type Panic = {
  id: number;
  unit: { id: number; call_sign: string };
  place: Place | null;
  raised_at: string;
  received_at: string;
  raised_by: string;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  /** Acknowledgements of earlier presses, the oldest first: it was pressed after the last of them. */
  heard_before: { at: string; by: string }[];
  repeated_at: string | null;
  ended_at: string | null;
  /** Sent more than two minutes after it was pressed. */
  late: boolean;
  /** How often it was pressed again. */
  repeats: number;
  incident: { id: number; number: string } | null;
  /** Who is told where nobody acknowledges it; empty for who does not list notices. */
  notices: Told[];
};

/** The questions of the client. */
export function panicQuestions(ask: Ask) {
  return {
    panics: () => ask<{ panics: Panic[] }>("GET", "/api/panics?open=true"),
    /** `heard_before`: how often it had been heard before the press that is on the screen; a later one stays loud. */
    acknowledgePanic: (id: number, heard_before: number) =>
      ask<unknown>("POST", `/api/panics/${id}/acknowledge`, { body: { heard_before } }),
    endPanic: (id: number, reason: string) => ask<unknown>("POST", `/api/panics/${id}/end`, { body: { reason } }),
  };
}
