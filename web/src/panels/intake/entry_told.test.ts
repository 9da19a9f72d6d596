import { beforeEach, expect, test } from "vitest";
import { language } from "../../words/words";
import { entryTold } from "./entry_told";

beforeEach(() => {
  language.value = "en";
});
const told = (kind: string, details: Record<string, unknown>) =>
  entryTold({ at: "2026-11-22T08:00:00Z", who: "112", kind, details });

test("a place in another country is told with where it is", () => {
  const details = { by: "aml", lon: 37.62, lat: 55.75, radius_m: 30, abroad: true, taken: false };
  expect(told("located", details)).toBe(
    "position of the phone (AML) · 55.75000, 37.62000 · ± 30 m · beyond the country",
  );
});

test("what was left out is told with the field it is of", () => {
  expect(told("left_out", { code: "text_cut", field: "said" })).toBe("what was said: only its beginning was kept");
  expect(told("left_out", { code: "bad_text" })).toBe("");
});

test("what was written over and what was told later are read in the log", () => {
  expect(told("noted", { changed: ["answers", "said"], was: { said: "smoke" } })).toBe(
    "what was said · before: what was said: smoke",
  );
  expect(told("told_later", { phone: "+7 7** *** ** 99" })).toBe("phone: +7 7** *** ** 99");
  expect(told("rang", { at: "x" })).toBe("");
});
