/** What happened near an incident before, as its card tells it; pure. */
import type { History } from "../api/types";

/** Whether nothing at all happened there: no incident, and no event, though an event alone is never counted. */
export function isEmpty(past: History): boolean {
  return past.total === 0 && past.events.length === 0;
}
