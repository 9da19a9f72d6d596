/** The incident that stands for one that was merged away, as a refusal names it; pure. */
import { Refused } from "../api/ask";

export type Survivor = { id: number; number: string /** The number of the one that is no more. */; gone: string };

/** Null where a refusal is about something else, or the one that stands for it is out of sight. */
export function survivorOf(error: unknown): Survivor | null {
  if (!(error instanceof Refused) || error.code !== "incident_merged") return null;
  const { number, into, into_id } = error.details as { number?: string; into?: string; into_id?: number };
  return into_id && into ? { id: into_id, number: into, gone: number ?? "" } : null;
}
