/** Times of day are hours of the clock, the night goes over midnight, and together they are the day. */
import { expect, test } from "vitest";
import { ALL, asked, DAYTIMES, hours, hoursOf } from "./hours";

test("The night goes over midnight", () => {
  expect(hours("night")).toEqual([23, 0, 1, 2, 3, 4, 5]);
  expect(hoursOf("night")).toBe("23–6");
});

test("Every hour is of one time of day", () => {
  const all = DAYTIMES.flatMap((one) => hours(one)).sort((a, b) => a - b);
  expect(all).toEqual(Array.from({ length: 24 }, (_, n) => n));
});

test("Nothing chosen asks for nothing", () => {
  expect(asked(ALL)).toBe("");
  expect(asked({ categories: ["theft"], daytime: "evening" })).toBe(
    "&category=theft&hour=18&hour=19&hour=20&hour=21&hour=22",
  );
});
