import { expect, test } from "vitest";
import type { Entry } from "../../api/register";
import { speak } from "../../words/words";
import { changesOf, percentOf, spoken, takenOf, titleIn } from "./words";

const entry = { code: "A-1", owner: null, height_m: 6.5, modules: ["plate"] } as unknown as Entry;

test("only what differs is sent, and what was emptied is null", () => {
  expect(changesOf(entry, { code: "A-1", owner: null, height_m: 7, modules: ["plate"] })).toEqual({ height_m: 7 });
  expect(changesOf(entry, { modules: [], height_m: null })).toEqual({ modules: [], height_m: null });
});

test("a cell of a form is a number, a list, a text or nothing", () => {
  expect(takenOf("number", " 6,5 ")).toBe(6.5);
  expect(takenOf("choices", "plate,person")).toEqual(["plate", "person"]);
  expect(takenOf("choices", "")).toEqual([]);
  expect(takenOf("text", "  ")).toBeNull();
});

test("values and columns are said in the language of the window", () => {
  speak("en");
  expect(spoken(null)).toBe("—");
  expect(spoken(["person", "plate"])).toBe("people, number plates");
  expect(spoken({ zone_width_m: 3.5 })).toBe("zone width m: 3.5");
  const fields = [{ name: "height_m", kind: "number", unit: "m", title: { kk: "", ru: "", en: "Height" } } as const];
  expect(titleIn(fields, "height_m")).toBe("Height, m");
  expect(titleIn(fields, "address")).toBe("Address of its stream");
});

test("how far something is is told once it is known of how much", () => {
  expect(percentOf(5, null)).toBeNull();
  expect(percentOf(999, 1000)).toBe(99);
});
