/** The settings of a function as fields; what is left empty is the function's own, which is shown. */
import { useId } from "preact/hooks";
import type { Fault } from "../../api/rules";
import { decimal } from "../../words/formats";
import { say, sayOf, titleOf } from "../../words/words";
import { faultsAt } from "./draft";
import { LABELS, type SettingField, turned, typedOf, unfit } from "./form";

type Props = {
  field: SettingField;
  value: unknown;
  faults: readonly Fault[];
  disabled: boolean;
  change: (value: unknown) => void;
};
const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const number = (value: number) => decimal(value, Number.isInteger(value) ? 0 : 2).replace(/(\D\d)0$/, "$1");

/** A value as a sentence has it. */
function said(value: unknown): string {
  if (typeof value === "number") return number(value);
  return value === null || value === undefined || value === "" ? say("rules.none") : String(value);
}

/** What stands where nothing is typed, and what may be typed. */
function bounds({ standard, least, above, most }: SettingField): string {
  const told = [
    say("rules.standard", { value: said(standard) }),
    least !== null && say(above ? "rules.above" : "rules.from", { n: number(least) }),
    most !== null && say("rules.to", { n: number(most) }),
  ];
  return told.filter(Boolean).join("; ");
}

function Wrong({ faults, id }: { faults: readonly Fault[]; id: string }) {
  if (faults.length === 0) return null;
  return (
    <span class="wrong" id={id}>
      {faults.map((fault) => titleOf(fault.problem)).join(" ")}
    </span>
  );
}

function NumberSetting({ field, value, faults, disabled, change }: Props) {
  const id = useId();
  return (
    <div class="field">
      <label for={`${id}-field`}>{sayOf("rules.setting", field.name)}</label>
      <input
        id={`${id}-field`}
        inputMode="decimal"
        name={field.name}
        disabled={disabled}
        value={value === undefined || value === null ? "" : String(value)}
        placeholder={said(field.standard)}
        aria-invalid={faults.length > 0 || unfit(field, value)}
        aria-describedby={`${id}-bounds${faults.length ? ` ${id}` : ""}`}
        onChange={(typed) => change(typedOf(typed.currentTarget.value))}
      />
      <span class="dim" id={`${id}-bounds`}>
        {bounds(field)}
      </span>
      <Wrong faults={faults} id={id} />
    </div>
  );
}

function YesNo({ field, value, faults, disabled, change }: Props) {
  return (
    <label class="tick">
      <input
        type="checkbox"
        name={field.name}
        disabled={disabled}
        checked={Boolean(value ?? field.standard)}
        onChange={(turn) => change(turn.currentTarget.checked)}
      />
      {sayOf("rules.setting", field.name)}
      <Wrong faults={faults} id="" />
    </label>
  );
}

function Choice({ field, value, faults, disabled, change }: Props) {
  const stands = String(value ?? field.standard);
  return (
    <label class="field">
      {sayOf("rules.setting", field.name)}
      <select name={field.name} disabled={disabled} onChange={(chosen) => change(chosen.currentTarget.value)}>
        {[...new Set([...field.options, stands])].map((option) => (
          <option key={option} value={option} selected={option === stands}>
            {sayOf("rules.option", option)}
          </option>
        ))}
      </select>
      <Wrong faults={faults} id="" />
    </label>
  );
}

/** Any of several: of the options, or of the labels that models know and those that stand there already. */
function Several({ field, value, faults, disabled, change }: Props) {
  const [labels, stands] = [field.kind === "labels", list(value ?? field.standard)];
  const all = labels ? [...new Set([...LABELS, ...list(field.standard), ...stands])] : field.options;
  return (
    <fieldset class="several">
      <legend>{sayOf("rules.setting", field.name)}</legend>
      {all.map((one) => (
        <label class="tick" key={one}>
          <input
            type="checkbox"
            disabled={disabled}
            checked={stands.includes(one)}
            onChange={(turn) => change(turned(all, stands, one, turn.currentTarget.checked))}
          />
          {labels ? sayOf("rules.label", one) : sayOf("rules.option", one)}
        </label>
      ))}
      {stands.length === 0 && <p class="dim">{say(labels ? "rules.no_label" : "rules.no_option")}</p>}
      <Wrong faults={faults} id="" />
    </fieldset>
  );
}

const KINDS = { number: NumberSetting, yes_no: YesNo, choice: Choice, several: Several, labels: Several } as const;

/** All that are not drawn. */
export function Settings(props: {
  fields: readonly SettingField[];
  settings: Readonly<Record<string, unknown>>;
  where: string;
  faults: readonly Fault[];
  disabled: boolean;
  change: (name: string, value: unknown) => void;
}) {
  const { fields, settings, where, faults, disabled, change } = props;
  return (
    <>
      {fields.map((field) => {
        const Field = KINDS[field.kind as keyof typeof KINDS];
        return (
          Field && (
            <Field
              key={field.name}
              field={field}
              value={settings[field.name]}
              faults={faultsAt(faults, `${where}.${field.name}`)}
              disabled={disabled}
              change={(value) => change(field.name, value)}
            />
          )
        );
      })}
    </>
  );
}
