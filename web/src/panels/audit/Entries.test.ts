import { beforeEach, expect, test } from "vitest";
import { language } from "../../words/words";
import { plain } from "./Entries";

beforeEach(() => {
  language.value = "ru";
});

test("a detail is told in words, what stands inside it too", () => {
  expect(plain({ role: "planner", area_id: 28, enabled: true })).toBe(
    "роль: планировщик; территория №: 28; включена: да",
  );
  expect(plain(["Патруль 1", "Патруль 2"])).toBe("Патруль 1, Патруль 2");
  expect(plain("positions", "kind")).toBe("положения");
});

test("what the windows have no words for is told as it was written", () => {
  expect(plain({ new_thing: "as it came" })).toBe("new thing: as it came");
  expect(plain(null)).toBe("—");
});
