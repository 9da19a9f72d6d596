/** Rows of several fields, in their order: added at the end, moved by Alt with an arrow, taken out. */
import type { ComponentChildren } from "preact";
import type { Field } from "../bench";
import { RowAct, Wrong } from "./inputs";
import { useList } from "./list";

type Props<T> = Field<T[]> & {
  label: string;
  /** What one is called: `Alarm level 2`. */
  title: (i: number) => string;
  fields: (field: Field<T>, i: number) => ComponentChildren;
  fresh: () => T;
  add: string;
  least?: number;
  most?: number;
  /** A row is a part with a heading of its own. */
  large?: boolean;
};

/** The buttons at the end of a row. */
function Acts(props: {
  title: string;
  i: number;
  of: number;
  least: number;
  move: (to: number) => void;
  remove: () => void;
}) {
  const { title, i, of, least, move, remove } = props;
  return (
    <span class="row-acts">
      <RowAct one={title} word="plans.earlier" sign="↑" keys="Alt ↑" disabled={i === 0} act={() => move(i - 1)} />
      <RowAct one={title} word="plans.later" sign="↓" keys="Alt ↓" disabled={i === of - 1} act={() => move(i + 1)} />
      <RowAct one={title} word="plans.take_out" sign="✕" disabled={of <= least} act={remove} />
    </span>
  );
}

/** The list with its button to add one. */
export function Rows<T>(props: Props<T>) {
  const { value, change, where, label, title, fields, fresh, add, least = 0, most = 40, large = false } = props;
  const rows = useList(value, change);
  return (
    <div class={large ? "parts-of" : "rows-of"} role="group" aria-label={label} data-where={where}>
      <h4>{label}</h4>
      <ul ref={rows.list} onKeyDown={rows.press}>
        {value.map((one, i) => (
          // a row is its place: what is typed in it makes another row of it, and it keeps the keyboard
          <li key={i} aria-label={title(i)} data-where={`${where}[${i}]`}>
            {large && <b>{title(i)}</b>}
            <div class="row-fields">
              {fields({ value: one, change: (changed) => rows.replace(i, changed), where: `${where}[${i}]` }, i)}
            </div>
            <Acts
              title={title(i)}
              i={i}
              of={value.length}
              least={least}
              move={(to) => rows.move(i, to)}
              remove={() => rows.remove(i)}
            />
            <Wrong where={`${where}[${i}]`} />
          </li>
        ))}
      </ul>
      <button type="button" data-add disabled={value.length >= most} onClick={() => rows.add(fresh())}>
        + {add}
      </button>
      <span class="unseen" aria-live="polite">
        {rows.told.value}
      </span>
      <Wrong where={where} />
    </div>
  );
}
