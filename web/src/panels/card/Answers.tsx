/** What the callers answered to the questions asked, on the card of their incident. */
import type { Answers as Given } from "../../api/calls";
import type { Incident, Title } from "../../api/types";
import { answered } from "../../desk/answers";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";

const spoken = (told: Title | string) => (typeof told === "string" ? told : titleOf(told));

/** One call's answers, a line each; nothing where nothing was asked. */
export function Answers({ answers }: { answers: Given }) {
  const { desk } = useHouse();
  const lines = answered(answers, desk.document.value?.questions ?? {}, say);
  if (lines.length === 0) return null;
  return (
    <ul class="answers">
      {lines.map(({ name, question, answer }) => (
        <li key={name}>
          <span class="dim">{spoken(question)}</span> <b>{spoken(answer)}</b>
        </li>
      ))}
    </ul>
  );
}

/** The lines of the card's facts. */
export function Answered({ incident }: { incident: Incident }) {
  const calls = (incident.calls ?? []).filter((call) => Object.keys(call.answers).length > 0);
  if (calls.length === 0) return null;
  return (
    <>
      <dt>{say("intake.questions")}</dt>
      <dd>
        {calls.map((call) => (
          <Answers key={call.id} answers={call.answers} />
        ))}
      </dd>
    </>
  );
}
