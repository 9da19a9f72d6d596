/** The figures of plans in words: shares of what counts, money, how far the proposal may be from the best. */
import type { Figures, Measure } from "../../api/placement";
import { number } from "../../words/formats";
import { say } from "../../words/words";

/** A share in percent with one place behind the point. */
export function percent(part: number | null, whole: number): string {
  if (part === null) return "—";
  const n = whole > 0 ? (100 * part) / whole : 0;
  return `${number(n, 1)} %`;
}
/** From what is seen to what would be. */
export const grown = (one: Measure): string =>
  say("placement.from_to", { before: percent(one.before, one.whole), after: percent(one.after, one.whole) });
/** Money in whole units of its currency. */
export const money = (amount: number, currency: string): string => `${number(amount)} ${currency}`;

/** How far the proposal may be from the best, in percent of the bound: of what it adds, or of what it costs. */
export function gapOf(figures: Figures, aim: string): number {
  if (aim !== "cover") return figures.bound > 0 ? 100 * Math.max(0, 1 - figures.value / figures.bound) : 0;
  return figures.cost > 0 ? 100 * Math.max(0, 1 - figures.bound / figures.cost) : 0;
}
/** The same in words. */
export function boundWords(figures: Figures, aim: string): string {
  const gap = number(gapOf(figures, aim), 1);
  return figures.how === "optimal" ? say("placement.optimal") : say("placement.within", { gap });
}
