/** What a caller answered, as people read it; pure. */
import type { Answers } from "../api/calls";
import type { Question, Title } from "../api/types";

/** One answer: the question's title, or its name where nobody knows it any more; a choice's title or the words. */
export type Answered = { name: string; question: Title | string; answer: Title | string };

const YES_NO = ["yes", "no"];

/** The answers in the order they were given; `yes` and `no` as the windows say them. */
export function answered(
  answers: Answers,
  questions: Record<string, Question>,
  yes_no: (word: "yes" | "no") => string,
): Answered[] {
  return Object.entries(answers).flatMap(([name, value]) => {
    const question = questions[name];
    if (value === null) return [];
    const choice = question?.choices.find((one) => one.name === value)?.title;
    const said = question?.answer === "yes_no" && YES_NO.includes(value) ? yes_no(value as "yes" | "no") : value;
    return [{ name, question: question?.title ?? name.replaceAll("_", " "), answer: choice ?? said }];
  });
}
