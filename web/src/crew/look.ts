/** Bright by day, dark by night: as the phone has it, or as the person chose. */
import { computed, signal } from "@preact/signals";

export const LOOKS = ["auto", "day", "night"] as const;
export type Look = (typeof LOOKS)[number];
const KEPT = "qyran.crew.look";

/** What was chosen last on this phone. */
export const look = signal<Look>(LOOKS.find((one) => one === globalThis.localStorage?.getItem(KEPT)) ?? "auto");

const night = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
const dark = signal(night?.matches ?? false);
night?.addEventListener("change", () => (dark.value = night.matches));

/** What is drawn: where nothing was chosen, as the phone has it now. */
export const drawn = computed(() => (look.value === "auto" ? (dark.value ? "night" : "day") : look.value));

/** Choose, and remember it. */
export function chooseLook(chosen: Look): void {
  localStorage.setItem(KEPT, chosen);
  look.value = chosen;
}
