/** What a dispatcher may set on an assignment next; the server's machine has the last word (facts of dispatch: DISPATCHED → … → CLEAR). */
const NEXT: Record<string, readonly string[]> = {
  dispatched: ["acknowledged", "enroute", "cancelled", "refused"],
  acknowledged: ["enroute", "cancelled"],
  enroute: ["staging", "onscene", "cancelled"],
  staging: ["onscene", "cancelled"],
  onscene: ["patient", "transport", "clear"],
  patient: ["transport", "clear"],
  transport: ["at_destination"],
  at_destination: ["handover", "clear"],
  handover: ["clear"],
};
const CLOSED = new Set(["clear", "cancelled", "diverted", "refused"]);

/** Statuses that can follow, nearest first. */
export function nextStatuses(status: string): readonly string[] {
  return NEXT[status] ?? [];
}

/** Whether the assignment still binds its unit. */
export function isOpen(status: string): boolean {
  return !CLOSED.has(status);
}

export type Tone = "free" | "sent" | "moving" | "there" | "away";

/** The five looks that all statuses are drawn with. */
export function tone(status: string): Tone {
  if (status === "free" || status === "clear") return "free";
  if (status === "dispatched" || status === "acknowledged") return "sent";
  if (status === "enroute" || status === "transport") return "moving";
  if (["staging", "onscene", "patient", "at_destination", "handover"].includes(status)) return "there";
  return "away";
}
