/** Plural rules written out, because Chromium carries no Kazakh data. Source: Unicode CLDR 45, cardinal rules. */
import type { Language } from "../api/types";

export type PluralForm = "one" | "few" | "many" | "other";

/** Return the form a whole number takes in a language. */
export function pluralForm(language: Language, n: number): PluralForm {
  if (language !== "ru") return n === 1 ? "one" : "other";
  const [ten, hundred] = [n % 10, n % 100];
  if (!Number.isInteger(n)) return "other";
  if (ten === 1 && hundred !== 11) return "one";
  if (ten >= 2 && ten <= 4 && (hundred < 12 || hundred > 14)) return "few";
  return "many";
}
