/** How the states of units are drawn. */
export type Tone = "free" | "sent" | "moving" | "there" | "away";

/** The five looks that all statuses are drawn with. */
export function tone(status: string): Tone {
  if (status === "free" || status === "clear") return "free";
  if (status === "dispatched" || status === "acknowledged") return "sent";
  if (status === "enroute" || status === "transport") return "moving";
  if (["staging", "onscene", "patient", "at_destination", "handover"].includes(status)) return "there";
  return "away";
}
