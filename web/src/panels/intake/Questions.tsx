/** What is asked of the caller for a category; each answer is kept as it is given. */
import type { Call } from "../../api/calls";
import type { Question } from "../../api/types";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { Key } from "../parts";

type Given = { question: Question; value: string | null; give: (answer: string | null, at_once: boolean) => void };

/** One of a few: pressed again it is taken back. */
export function Choices({ question, value, give }: Given) {
  const choices =
    question.answer === "yes_no"
      ? [
          { value: "yes", title: say("yes") },
          { value: "no", title: say("no") },
        ]
      : question.choices.map((choice) => ({ value: choice.name, title: titleOf(choice.title) }));
  return (
    <fieldset class="question">
      <legend>{titleOf(question.title)}</legend>
      <span class="picks">
        {choices.map((choice) => (
          <button
            type="button"
            key={choice.value}
            aria-pressed={value === choice.value}
            onClick={() => give(value === choice.value ? null : choice.value, true)}
          >
            {choice.title}
          </button>
        ))}
      </span>
    </fieldset>
  );
}

function Typed({ question, value, give }: Given) {
  const { intake } = useHouse();
  const keep = () => void intake.keep();
  if (question.answer === "text")
    return (
      <label class="question long">
        <span>{titleOf(question.title)}</span>
        <input
          maxLength={500}
          value={value ?? ""}
          onInput={(typed) => give(typed.currentTarget.value || null, false)}
          onBlur={keep}
        />
      </label>
    );
  return (
    <label class="question">
      <span>{titleOf(question.title)}</span>
      <input
        type="number"
        min={0}
        max={100000}
        value={value ?? ""}
        onInput={(typed) => give(typed.currentTarget.value || null, false)}
        onBlur={keep}
      />
    </label>
  );
}

/** What the plan asks beyond its category for the place and the hour, once both place and category are kept. */
function useReacted(call: Call): Question[] {
  const { client, intake } = useHouse();
  const { id, category, place } = call;
  const kept = intake.draft.value.category === undefined && intake.draft.value.place === undefined;
  const plan = useAsked(
    async () => (kept && category && place ? { category, ...(await client.callPlan(id)) } : null),
    [id, category, place?.lon, place?.lat, kept],
  );
  const found = plan.value.value;
  return found && found.category === category ? found.questions : [];
}

/** The part of the form; nothing before a category is chosen. */
export function Questions({ call, may }: { call: Call; may: boolean }) {
  const { desk, intake } = useHouse();
  const known = desk.document.value;
  const asks = call.category ? (known?.categories[call.category]?.asks ?? []) : [];
  const reacted = useReacted(call);
  const questions = [
    ...asks.flatMap((name) => known?.questions[name] ?? []),
    ...reacted.filter((question) => !asks.includes(question.name)),
  ];
  if (questions.length === 0) return null;
  const give = (name: string) => (answer: string | null, at_once: boolean) => {
    intake.answerQuestion(name, answer);
    if (at_once) void intake.keep();
  };
  return (
    <section class="questions" aria-labelledby="intake-questions">
      <h3 id="intake-questions">
        {say("intake.questions")} <Key name="Alt Q" />
      </h3>
      <fieldset disabled={!may} class="plain">
        <legend class="unseen">{say("intake.questions")}</legend>
        {questions.map((question) => {
          const given = { question, value: call.answers[question.name] ?? null, give: give(question.name) };
          return question.answer === "yes_no" || question.answer === "choice" ? (
            <Choices key={question.name} {...given} />
          ) : (
            <Typed key={question.name} {...given} />
          );
        })}
      </fieldset>
    </section>
  );
}
