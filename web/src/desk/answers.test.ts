import { expect, test } from "vitest";
import type { Question } from "../api/types";
import { answered } from "./answers";

const title = (text: string) => ({ kk: text, ru: text, en: text });
const questions: Record<string, Question> = {
  trapped: { name: "trapped", title: title("Trapped?"), answer: "yes_no", choices: [] },
  smoke: { name: "smoke", title: title("Smoke?"), answer: "choice", choices: [{ name: "b", title: title("black") }] },
};
const word = (name: "yes" | "no") => (name === "yes" ? "иә" : "жоқ");

test("an answer is read by its question's title, and one of a question nobody knows any more by its name", () => {
  expect(answered({ trapped: "yes", smoke: "b", where_now: "roof", gone: null }, questions, word)).toEqual([
    { name: "trapped", question: title("Trapped?"), answer: "иә" },
    { name: "smoke", question: title("Smoke?"), answer: title("black") },
    { name: "where_now", question: "where now", answer: "roof" },
  ]);
});
