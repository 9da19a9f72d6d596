import { expect, test } from "vitest";
import { filterOf, instant, type Sought } from "./filter";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const nothing: Sought = { span: "all", from: "", to: "", who: "", operation: "", object: "", outcome: "" };

test("what is left empty is not asked for", () => {
  expect(filterOf(nothing, NOW)).toEqual({});
});

test("a span counts back from now", () => {
  expect(filterOf({ ...nothing, span: "24h" }, NOW)).toEqual({ from: "2026-11-20T12:00:00.000Z" });
});

test("a time is typed in the country's zone and asked for in UTC; half of one is no time", () => {
  expect(instant("2026-11-21T17:00")).toBe("2026-11-21T12:00:00.000Z");
  expect(instant("")).toBeUndefined();
  expect(filterOf({ ...nothing, span: "own", from: "2026-11-21T17:00" }, NOW)).toEqual({
    from: "2026-11-21T12:00:00.000Z",
  });
});

test("an object is a layer, and one of it where its number is typed", () => {
  expect(filterOf({ ...nothing, object: "incidents 12" }, NOW)).toEqual({ layer: "incidents", object_id: "12" });
  expect(filterOf({ ...nothing, object: "incidents " }, NOW)).toEqual({ layer: "incidents" });
  expect(filterOf({ ...nothing, object: "incidents x" }, NOW)).toEqual({ layer: "incidents" });
});

test("who, what and how it ended are asked as they stand", () => {
  const asked = filterOf({ ...nothing, who: " admin ", operation: "incidents.caller", outcome: "refused" }, NOW);
  expect(asked).toEqual({ who: "admin", operation: "incidents.caller", outcome: "refused" });
});
