/** What the windows say, in the language that was chosen last. */
import { signal } from "@preact/signals";
import en from "../../../data/words/en.json";
import kk from "../../../data/words/kk.json";
import ru from "../../../data/words/ru.json";
import type { Language, Title } from "../api/types";
import { type PluralForm, pluralForm } from "./plural";

export type Word = keyof typeof kk;
type Entry = string | Partial<Record<PluralForm, string>>;

export const LANGUAGES: readonly Language[] = ["kk", "ru", "en"];
export const WORDS: Record<Language, Record<string, Entry>> = { kk, ru, en };
const KEPT = "qyran.language";

/** The language of the window; remembered on this machine. */
export const language = signal<Language>(remembered());

function remembered(): Language {
  const kept = globalThis.localStorage?.getItem(KEPT);
  return LANGUAGES.find((known) => known === kept) ?? "kk";
}

/** Change the language and remember it. */
export function speak(chosen: Language): void {
  globalThis.localStorage?.setItem(KEPT, chosen);
  language.value = chosen;
}

/** Say a word; `{name}` is filled from `values`, and `n` also chooses the plural. */
export function say(word: Word, values: Record<string, string | number> = {}): string {
  const entry = WORDS[language.value][word] ?? word;
  const text = typeof entry === "string" ? entry : (entry[pluralForm(language.value, Number(values.n))] ?? entry.other);
  return (text ?? word).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** Say a word whose last part comes from the server, or the part itself where the windows do not know it. */
export function sayOf(family: string, name: string): string {
  const word = `${family}.${name}`;
  return word in kk ? say(word as Word) : name.replaceAll("_", " ");
}

/** A title in the language of the window. */
export function titleOf(title: Title | null | undefined): string {
  return title ? title[language.value] : "";
}
