import { beforeEach, expect, test } from "vitest";
import { pluralForm } from "./plural";
import { LANGUAGES, language, say, sayOf, WORDS } from "./words";

beforeEach(() => {
  language.value = "en";
});

const marks = (entry: unknown) => [...new Set(JSON.stringify(entry).match(/\{\w+\}/g) ?? [])].sort();

test("the three languages hold the same words", () => {
  for (const one of LANGUAGES) expect(Object.keys(WORDS[one]).sort()).toEqual(Object.keys(WORDS.kk).sort());
});

test("no word is empty, and each takes the same values in every language", () => {
  for (const [key, entry] of Object.entries(WORDS.kk)) {
    for (const one of LANGUAGES) {
      expect(JSON.stringify(WORDS[one][key]), `${one} ${key}`).not.toMatch(/""/);
      expect(marks(WORDS[one][key]), `${one} ${key}`).toEqual(marks(entry));
    }
  }
});

test("every plural has the forms that its language asks for", () => {
  const forms = { kk: ["one", "other"], ru: ["one", "few", "many"], en: ["one", "other"] };
  for (const one of LANGUAGES)
    for (const [key, entry] of Object.entries(WORDS[one]))
      if (typeof entry !== "string")
        expect(Object.keys(entry), `${one} ${key}`).toEqual(expect.arrayContaining(forms[one]));
});

test("Russian counts 1 день, 2 дня, 5 дней, 11 дней, 21 день", () => {
  language.value = "ru";
  const said = [1, 2, 5, 11, 12, 21, 104, 111].map((n) => say("history.days_n", { n }));
  expect(said).toEqual(["1 день", "2 дня", "5 дней", "11 дней", "12 дней", "21 день", "104 дня", "111 дней"]);
});

test("Kazakh keeps the noun as it is after a number", () => {
  expect(pluralForm("kk", 1)).toBe("one");
  expect(pluralForm("kk", 5)).toBe("other");
});

test("a word that only the server knows is shown as it came", () => {
  expect(sayOf("incident.state", "enroute")).toBe("en route");
  expect(sayOf("incident.state", "on_the_moon")).toBe("on the moon");
});

test("every word is said somewhere in the windows", () => {
  const files = import.meta.glob<string>(["../**/*.{ts,tsx}", "!../**/*.test.ts"], {
    query: "?raw",
    eager: true,
    import: "default",
  });
  const source = Object.values(files).join("\n");
  const families = [...source.matchAll(/say(?:Of\(|\()[`"]([\w.]+?)(?:",|\.\$\{)/g)].map((found) => `${found[1]}.`);
  const unsaid = Object.keys(WORDS.kk).filter(
    (word) => !source.includes(`"${word}"`) && !families.some((family) => word.startsWith(family)),
  );
  expect(unsaid).toEqual([]);
});
