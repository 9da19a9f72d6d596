import { expect, test } from "vitest";
import { answerTo } from "./asked";

const filter = { service: "fire" };
const told = { by: ["area", 30, filter], answer: ["rows"] };

test("an answer stands under its own question", () => {
  expect(answerTo(told, ["area", 30, filter])).toEqual(["rows"]);
});

test("an answer to another question is none", () => {
  expect(answerTo(told, ["area", 7, filter])).toBeNull();
  expect(answerTo(told, ["area", 30, { ...filter, service: "" }])).toBeNull();
  expect(answerTo(told, ["area", 30])).toBeNull();
  expect(answerTo(null, [])).toBeNull();
});
