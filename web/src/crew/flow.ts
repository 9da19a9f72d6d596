/** Which status a crew may press after which: what a dispatcher alone does (cancel, divert) is left out.
 *
 * `flow.json` repeats the server's rule, which a test compares, because the next button must stand there without a
 * connection too.
 */
import flow from "./flow.json";

const FLOW: Record<string, readonly string[]> = flow;
/** What one presses when all goes its usual way; the others of a step stand smaller. */
const USUAL = ["acknowledged", "enroute", "onscene", "clear", "at_destination", "handover"];
const PATIENTS = new Set(["patient", "transport"]);

/** What the crew presses next: by the server's word where nothing is on its way to it, else by the rule. */
export function nextOf(status: string, told: readonly string[] | null, service: string): string[] {
  const known = FLOW[status] ?? [];
  const next = told ? told.filter((one) => one !== "cancelled" && one !== "diverted") : [...known];
  return service === "ambulance" ? next : next.filter((one) => !PATIENTS.has(one));
}

/** The one big button, and the smaller ones; refusing is neither. */
export function buttonsOf(next: readonly string[]): { main: string | null; others: string[]; refuse: boolean } {
  const pressed = next.filter((one) => one !== "refused");
  const main = USUAL.find((one) => pressed.includes(one)) ?? pressed[0] ?? null;
  return { main, others: pressed.filter((one) => one !== main), refuse: next.includes("refused") };
}

/** Whether the unit is still bound to the incident. */
export const isOpen = (status: string): boolean => (FLOW[status] ?? []).length > 0;
