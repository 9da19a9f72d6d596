/** What is asked and what is to be done: questions with their choices, checklists with their steps. */
import type { ChecklistEntry, Named, QuestionEntry } from "../../../../api/plan_content";
import { say, sayOf } from "../../../../words/words";
import type { Field } from "../bench";
import { OneOf, SaidFields, TextField } from "./inputs";
import { NAME } from "./PartFields";
import { Rows } from "./Rows";

const ANSWERS = ["yes_no", "number", "text", "choice"] as const;
const BLANK = { kk: "", ru: "", en: "" };

/** A name that none of them has yet. */
export function freshName(base: string, taken: readonly string[]): string {
  for (let n = taken.length + 1; ; n += 1) if (!taken.includes(`${base}_${n}`)) return `${base}_${n}`;
}

function NamedFields({ value, change, where }: Field<Named>) {
  return (
    <>
      <SaidFields
        word="plans.title"
        value={value.title}
        where={`${where}.title`}
        change={(title) => change({ ...value, title })}
      />
      <TextField
        label={say("plans.name")}
        pattern={NAME}
        value={value.name}
        where={`${where}.name`}
        change={(name) => change({ ...value, name })}
      />
    </>
  );
}

type List = Field<Named[]> & { label: string; add: string; base: string; least?: number };

function NamedRows({ label, add, base, least = 0, value, change, where }: List) {
  const names = value.map((one) => one.name);
  return (
    <Rows<Named>
      label={label}
      title={(i) => `${label} ${i + 1}`}
      add={add}
      least={least}
      fresh={() => ({ name: freshName(base, names), title: BLANK })}
      fields={(field) => <NamedFields {...field} />}
      value={value}
      where={where}
      change={change}
    />
  );
}

/** A question; choices are for an answer that is one of several. */
export function QuestionFields({ value, change, where }: Field<QuestionEntry>) {
  const set = (part: Partial<QuestionEntry>) => change({ ...value, ...part });
  return (
    <>
      <SaidFields word="plans.title" value={value.title} where={`${where}.title`} change={(title) => set({ title })} />
      <OneOf
        label={say("plans.answer")}
        options={ANSWERS.map((name) => ({ name, title: sayOf("plans.answer", name) }))}
        value={value.answer}
        where={`${where}.answer`}
        change={(answer) => answer && set({ answer, choices: answer === "choice" ? value.choices : [] })}
      />
      {value.answer === "choice" && (
        <NamedRows
          label={say("plans.choices")}
          add={say("plans.add_choice")}
          base="choice"
          value={value.choices}
          where={`${where}.choices`}
          change={(choices) => set({ choices })}
        />
      )}
    </>
  );
}

/** A checklist. */
export function ChecklistFields({ value, change, where }: Field<ChecklistEntry>) {
  return (
    <>
      <SaidFields
        word="plans.title"
        value={value.title}
        where={`${where}.title`}
        change={(title) => change({ ...value, title })}
      />
      <NamedRows
        label={say("plans.steps")}
        add={say("plans.add_step")}
        base="step"
        least={1}
        value={value.steps}
        where={`${where}.steps`}
        change={(steps) => change({ ...value, steps })}
      />
    </>
  );
}
