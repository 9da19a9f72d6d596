import { expect, test } from "vitest";
import { language } from "../../words/words";
import { metres } from "./PointTable";

test("how far off a point is has the decimal mark of the language", () => {
  language.value = "en";
  expect(metres(0.28)).toBe("0.28 m");
  language.value = "ru";
  expect(metres(0.28)).toBe("0,28 м");
  expect(metres(17.6)).toBe("18 м");
  expect(metres(null)).toBe("—");
});
