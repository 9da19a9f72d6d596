/** The fields of the editor: what cannot be kept is not taken over, and put back when the field is left. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { Title } from "../../../../api/types";
import { LANGUAGES, say, type Word } from "../../../../words/words";
import { type Field, faultsAt, type Option, partOf, useBench } from "../bench";

const LONGEST = 400; // letters of a title, as the server keeps them

/** What a place lacks, under it. */
export function Wrong({ where, deep = false, id }: { where: string; deep?: boolean; id?: string }) {
  const told = faultsAt(useBench().faults, where, deep);
  if (told.length === 0) return null;
  return (
    <span class="wrong" id={id}>
      {told.join(" ")}
    </span>
  );
}

/** What is typed, as long as it is typed; `read` hands back undefined for what cannot be kept. */
function useTyped<T>(
  { value, change, where }: Field<T>,
  write: (value: T) => string,
  read: (text: string) => T | undefined,
) {
  const typed = useSignal<string | null>(null);
  const id = useId();
  const told = faultsAt(useBench().faults, where, true).length > 0;
  function type(text: string): void {
    typed.value = text;
    const kept = read(text);
    if (kept !== undefined) change(kept);
  }
  const wrong = told || (typed.value !== null && read(typed.value) === undefined);
  return {
    id,
    field: {
      value: typed.value ?? write(value),
      "data-where": where,
      "aria-invalid": wrong,
      "aria-describedby": told ? id : undefined,
      onInput: (input: { currentTarget: HTMLInputElement }) => type(input.currentTarget.value),
      onBlur: () => (typed.value = null),
    },
  };
}

const words = (text: string) => text.trim() || undefined;

/** A line of words. */
export function TextField(props: Field<string> & { label: string; lang?: string; pattern?: RegExp }) {
  const { label, lang, pattern, where } = props;
  const { id, field } = useTyped(
    props,
    (text) => text,
    (text) => (pattern && !pattern.test(text.trim()) ? undefined : words(text)),
  );
  return (
    <label class="field">
      {label}
      <input type="text" {...field} lang={lang} maxLength={LONGEST} autocomplete="off" spellcheck={false} />
      <Wrong where={where} deep id={id} />
    </label>
  );
}

/** A whole number within its bounds. */
export function NumberField(props: Field<number> & { label: string; min: number; max: number; hint?: string }) {
  const { label, min, max, hint, where } = props;
  const read = (text: string) => {
    const number = Number(text);
    return text.trim() !== "" && Number.isInteger(number) && number >= min && number <= max ? number : undefined;
  };
  const { id, field } = useTyped(props, String, read);
  return (
    <label class="field number">
      {label}
      <input type="number" {...field} min={min} max={max} />
      {hint && <span class="dim">{hint}</span>}
      <Wrong where={where} deep id={id} />
    </label>
  );
}

/** One of several; `none` is what it is called where it is nothing. */
export function OneOf<T extends string | number>(
  props: Field<T | null> & { label: string; options: readonly (Omit<Option, "name"> & { name: T })[]; none?: string },
) {
  const { value, change, where, label, options, none } = props;
  const known = value === null || options.some((option) => option.name === value);
  return (
    <label class="field">
      {label}
      <select
        data-where={where}
        value={value ?? ""}
        onChange={({ currentTarget }) => {
          const chosen = options.find((option) => String(option.name) === currentTarget.value);
          change(chosen?.name ?? (none === undefined ? value : null));
        }}
      >
        {none !== undefined && <option value="">{none}</option>}
        {!known && <option value={value ?? ""}>{String(value)}</option>}
        {options.map((option) => (
          <option key={option.name} value={option.name}>
            {option.title}
          </option>
        ))}
      </select>
      <Wrong where={where} deep />
    </label>
  );
}

/** A name or a sentence in the three languages. */
export function SaidFields({ word, ...field }: Field<Title> & { word: Word }) {
  return (
    <fieldset class="said-in" data-where={field.where}>
      <legend>{say(word)}</legend>
      {LANGUAGES.map((language) => (
        <TextField key={language} label={language} lang={language} {...partOf(field, language)} />
      ))}
      <Wrong where={field.where} />
    </fieldset>
  );
}

/** Days or months: any of a few. */
export function Several(
  props: Field<number[]> & { label: string; all: readonly number[]; title: (one: number) => string },
) {
  const { value, change, where, label, all, title } = props;
  const put = (one: number, on: boolean) => change(all.filter((each) => (each === one ? on : value.includes(each))));
  return (
    <fieldset class="several" data-where={where}>
      <legend>{label}</legend>
      {all.map((one) => (
        <label class="tick" key={one}>
          <input
            type="checkbox"
            checked={value.includes(one)}
            onChange={(turned) => put(one, turned.currentTarget.checked)}
          />
          {title(one)}
        </label>
      ))}
      <Wrong where={where} deep />
    </fieldset>
  );
}

/** A small button beside one of a list, `one`; `keys` do the same. */
export function RowAct(props: {
  one: string;
  word: Word;
  sign: string;
  keys?: string;
  disabled?: boolean;
  act: () => void;
}) {
  const { one, word, sign, keys, disabled, act } = props;
  return (
    <button
      type="button"
      class="icon"
      aria-label={`${one}: ${say(word)}`}
      title={keys ? `${say(word)} · ${keys}` : say(word)}
      disabled={disabled}
      onClick={act}
    >
      {sign}
    </button>
  );
}

/** Fields side by side. */
export function Side({ children }: { children: ComponentChildren }) {
  return <div class="side-by-side">{children}</div>;
}
