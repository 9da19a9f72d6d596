import { afterEach, expect, test } from "vitest";
import { levelOf } from "./level";
import { language } from "./words";

afterEach(() => {
  language.value = "en";
});

test("Almaty, Astana and Shymkent stand beside the oblasts and are called what they are", () => {
  language.value = "ru";
  for (const code of ["KZ-71", "KZ-75", "KZ-79"])
    expect(levelOf({ code, level: 2 })).toBe("город республиканского значения");
  language.value = "kk";
  expect(levelOf({ code: "KZ-75", level: 2 })).toBe("республикалық маңызы бар қала");
});

test("every other area is called by its level, a district of such a city too", () => {
  language.value = "ru";
  const called = [
    { code: "KZ", level: 1 },
    { code: "KZ-19", level: 2 },
    { code: "KZ-19-QON", level: 3 },
    { code: "KZ-75-MED", level: 4 },
  ].map(levelOf);
  expect(called).toEqual(["республика", "область", "город или район", "район"]);
});

test("an area whose level was not told is called nothing", () => {
  expect(levelOf({ code: "KZ-75" })).toBe("");
});
