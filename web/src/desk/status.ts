/** How the states of units are drawn. */
import type { Unit } from "../api/types";

export type Tone = "free" | "sent" | "moving" | "there" | "away";

/** The five looks that all statuses are drawn with. */
export function tone(status: string): Tone {
  if (status === "free" || status === "clear") return "free";
  if (status === "dispatched" || status === "acknowledged") return "sent";
  if (status === "enroute" || status === "transport") return "moving";
  if (["staging", "onscene", "patient", "at_destination", "handover"].includes(status)) return "there";
  return "away";
}

const ON_THE_WAY = new Set(["dispatched", "acknowledged", "enroute"]);

/** Whether a crew on its way has told no position for a minute: nobody knows where it is. */
export function isSilent(unit: Unit): boolean {
  return unit.silent ?? (unit.stale && ON_THE_WAY.has(unit.dispatch?.status ?? ""));
}
