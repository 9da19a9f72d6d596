/** What is next for an incident, by its state; pure. */
import type { Incident } from "../api/types";

export type NextAct =
  | "dispatch"
  | "onscene"
  | "under_control"
  | "clearing"
  | "close"
  | "reopen"
  | "survivor"
  | "release";

export const ENDED = ["closed", "cancelled", "merged"] as const;

/** Whether nothing more is done about it, unless it is reopened. */
export const hasEnded = (incident: Pick<Incident, "state">) => (ENDED as readonly string[]).includes(incident.state);

/** The one act that stands in sight; null while crews are on their way and nothing is to be done but wait. */
export function nextAct(incident: Pick<Incident, "state" | "dispatches">, chosen: number): NextAct | null {
  const bound = incident.dispatches.some((dispatch) => dispatch.next.length > 0);
  if (incident.state === "merged") return "survivor";
  if (hasEnded(incident)) return "reopen";
  if (incident.state === "intake") return "release";
  if (chosen > 0 || incident.state === "pending") return "dispatch";
  if (incident.state === "onscene") return bound ? "under_control" : "close";
  if (incident.state === "under_control") return bound ? "clearing" : "close";
  if (incident.state === "clearing") return "close";
  return bound ? null : "close";
}
