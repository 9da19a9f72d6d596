import { expect, test } from "vitest";
import { LANGUAGES, speak } from "../../words/words";
import { whoOf } from "./who";

test("who calibrated is an account, or the command line in the reader's own words", () => {
  expect(["planner", null].map((calibrated_by) => whoOf({ calibrated_by }))).toEqual(["planner", ""]);
  const said = LANGUAGES.map((each) => {
    speak(each);
    return whoOf({ calibrated_by: "shell" });
  });
  expect(said.toSorted()).toEqual(["from the command line", "из командной строки", "командалық жолдан"].toSorted());
});
