/** What is asked and what is to be done: questions with their choices, checklists with their steps. */
import type { ChecklistEntry, Named, QuestionEntry } from "../../../../api/plan_content";
import { say, sayOf } from "../../../../words/words";
import { type Field, partOf } from "../bench";
import { OneOf, SaidFields, TextField } from "./inputs";
import { NAME } from "./PartFields";
import { Rows } from "./Rows";

const ANSWERS = ["yes_no", "number", "text", "choice"] as const;
const BLANK = { kk: "", ru: "", en: "" };

/** A name that none of them has yet. */
export function freshName(base: string, taken: readonly string[]): string {
  for (let n = taken.length + 1; ; n += 1) if (!taken.includes(`${base}_${n}`)) return `${base}_${n}`;
}

function NamedFields(field: Field<Named>) {
  return (
    <>
      <SaidFields word="plans.title" {...partOf(field, "title")} />
      <TextField label={say("plans.name")} pattern={NAME} {...partOf(field, "name")} />
    </>
  );
}

type List = Field<Named[]> & { label: string; add: string; base: string; least?: number };

function NamedRows({ base, ...list }: List) {
  const names = list.value.map((one) => one.name);
  return (
    <Rows<Named>
      {...list}
      title={(i) => `${list.label} ${i + 1}`}
      fresh={() => ({ name: freshName(base, names), title: BLANK })}
      fields={(field) => <NamedFields {...field} />}
    />
  );
}

/** A question; choices are for an answer that is one of several. */
export function QuestionFields(field: Field<QuestionEntry>) {
  const { value, change } = field;
  return (
    <>
      <SaidFields word="plans.title" {...partOf(field, "title")} />
      <OneOf
        label={say("plans.answer")}
        options={ANSWERS.map((name) => ({ name, title: sayOf("plans.answer", name) }))}
        {...partOf(field, "answer")}
        change={(answer) => answer && change({ ...value, answer, choices: answer === "choice" ? value.choices : [] })}
      />
      {value.answer === "choice" && (
        <NamedRows
          label={say("plans.choices")}
          add={say("plans.add_choice")}
          base="choice"
          {...partOf(field, "choices")}
        />
      )}
    </>
  );
}

/** A checklist. */
export function ChecklistFields(field: Field<ChecklistEntry>) {
  return (
    <>
      <SaidFields word="plans.title" {...partOf(field, "title")} />
      <NamedRows
        label={say("plans.steps")}
        add={say("plans.add_step")}
        base="step"
        least={1}
        {...partOf(field, "steps")}
      />
    </>
  );
}
