/** What is new enough to sound for (pure). */
import type { Shown } from "./overlay";

/** Compare what stood there with what stands there now; the first look is no news except a task to be accepted. */
export function heardNew(before: Shown | null, after: Shown | null): "task" | "message" | "panic" | null {
  if (!after) return null;
  const fresh_task = after.task?.status === "dispatched" && !after.task.waiting;
  if (fresh_task && after.task?.id !== before?.task?.id) return "task";
  if (!before) return null;
  if (after.panic?.acknowledged_at && !before.panic?.acknowledged_at) return "panic";
  const known = new Set(before.messages.map((one) => one.key));
  return after.messages.some((one) => !one.mine && !known.has(one.key)) ? "message" : null;
}
