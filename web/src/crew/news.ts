/** What is new enough to sound for (pure). */
import type { Shown, ShownTask } from "./overlay";

/** Whether the same task is of another incident now, or at another place or address. */
function leadsElsewhere(before: ShownTask | null, after: ShownTask | null): boolean {
  if (!before || !after || before.id !== after.id || after.ended) return false;
  const of = ({ incident }: ShownTask) =>
    [incident.id, incident.address, incident.place.lon, incident.place.lat].join();
  return of(before) !== of(after);
}

/** Compare what stood there with what stands there now; the first look is no news except a task to be accepted. */
export function heardNew(before: Shown | null, after: Shown | null): "task" | "moved" | "message" | "panic" | null {
  if (!after) return null;
  const fresh_task = after.task?.status === "dispatched" && !after.task.waiting;
  if (fresh_task && after.task?.id !== before?.task?.id) return "task";
  if (!before) return null;
  if (leadsElsewhere(before.task, after.task)) return "moved";
  if (after.panic?.acknowledged_at && !before.panic?.acknowledged_at) return "panic";
  const known = new Set(before.messages.map((one) => one.key));
  return after.messages.some((one) => !one.mine && !known.has(one.key)) ? "message" : null;
}
