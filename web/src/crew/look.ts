/** Bright by day, dark by night: as the phone has it, or as the person chose. */
import { signal } from "@preact/signals";

export const LOOKS = ["auto", "day", "night"] as const;
export type Look = (typeof LOOKS)[number];
const KEPT = "qyran.crew.look";

/** What was chosen last on this phone. */
export const look = signal<Look>(LOOKS.find((one) => one === globalThis.localStorage?.getItem(KEPT)) ?? "auto");

/** Choose, and remember it. */
export function chooseLook(chosen: Look): void {
  localStorage.setItem(KEPT, chosen);
  look.value = chosen;
}
