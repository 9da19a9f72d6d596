/** What happened near an incident before, as its card tells it; pure. */
import type { PastKind } from "../api/past";
import type { History } from "../api/types";

/** What is looked back at, each with a reach of its own. */
export type Looked = PastKind | "premises";

/** Whether nothing at all happened there: no incident, and no event, though an event alone is never counted. */
export function isEmpty(past: History): boolean {
  return past.total === 0 && past.events.length === 0;
}

/** The steps of a slider, and among them where it stands: the server's own reach need not be one of ours. */
export function stepsWith(steps: readonly number[], value: number): number[] {
  return [...new Set([...steps, value])].sort((a, b) => a - b);
}
