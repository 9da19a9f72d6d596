/** What the server says of a fault, with the settings called as the form calls them; pure. */
import type { Fault } from "../../api/rules";
import type { Language } from "../../api/types";
import { language, sayOf } from "../../words/words";

/** Where a sentence names a setting: the others' sentences have no Latin words of their own. */
const NAMED: Record<Language, RegExp> = {
  kk: /[a-z][a-z0-9_]*/g,
  ru: /[a-z][a-z0-9_]*/g,
  en: /^[a-z0-9_]+(?= is missing)/,
};

/** The sentence in the language of the window. */
export function saidOf({ problem, where }: Fault): string {
  const text = problem[language.value];
  if (!where.endsWith(".settings")) return text; // it stands at its field
  return text.replace(NAMED[language.value], (name) => `«${sayOf("rules.setting", name)}»`);
}
