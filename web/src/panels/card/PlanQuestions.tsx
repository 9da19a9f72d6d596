/** What the plan asks of an incident: what was answered to its calls stands there, the rest is answered here. */
import type { AskedQuestion, Plan } from "../../api/plans";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { Choices } from "../intake/Questions";
import { Fold } from "./Fold";

/** A number or words, kept when the field is left. */
function Typed({ question, give }: { question: AskedQuestion; give: (answer: string) => void }) {
  return (
    <label class="question long">
      <span>{titleOf(question.title)}</span>
      <input
        type="text"
        inputMode={question.answer === "number" ? "numeric" : "text"}
        maxLength={200}
        defaultValue={question.given ?? ""}
        onChange={(typed) => {
          const answer = typed.currentTarget.value.trim();
          if (answer && answer !== question.given) give(answer);
        }}
      />
    </label>
  );
}

/** The part of the card; nothing where the plan asks nothing. */
export function PlanQuestions({ plan, may }: { plan: Plan; may: boolean }) {
  const { life } = useHouse();
  const answered = plan.questions.filter((question) => question.given !== null).length;
  if (plan.questions.length === 0) return null;
  const aside = (
    <span class="count">
      {answered} / {plan.questions.length}
    </span>
  );
  return (
    <Fold id="card-questions" title={say("card.questions")} aside={aside} shut>
      <fieldset disabled={!may} class="plain questions">
        <legend class="unseen">{say("card.questions")}</legend>
        {plan.questions.map((question) => {
          const give = (answer: string | null) => answer && void life.answer(question.name, answer);
          return question.answer === "yes_no" || question.answer === "choice" ? (
            <Choices key={question.name} question={question} value={question.given} give={give} />
          ) : (
            <Typed key={`${question.name} ${question.given}`} question={question} give={give} />
          );
        })}
      </fieldset>
    </Fold>
  );
}
