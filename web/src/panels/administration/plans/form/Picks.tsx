/** Names out of a list, in their order: each is moved and taken out, and one more is sought and added. */
import { useSignal } from "@preact/signals";
import { say } from "../../../../words/words";
import { Combobox } from "../../../intake/Combobox";
import { type Field, type Option, optionsOf, useBench } from "../bench";
import type { Part } from "../draft";
import { RowAct, Wrong } from "./inputs";
import { useList } from "./list";

type Props = Field<string[]> & {
  label: string;
  options: readonly Option[];
  /** Their order counts: they can be moved. */
  ordered?: boolean;
  open?: (name: string) => void;
};

const SHOWN = 40; // of those that may be added; whoever seeks one types

/** What may be added for what was typed. */
function offered({ value, options }: Props, typed: string): Option[] {
  const text = typed.trim().toLocaleLowerCase();
  const left = options.filter(
    ({ name, title }) => !value.includes(name) && `${name} ${title}`.toLocaleLowerCase().includes(text),
  );
  return left.slice(0, SHOWN);
}

/** The list; what nobody has is seen to be so. */
export function Picks(props: Props) {
  const { value, change, where, label, options, ordered = false, open } = props;
  const { list, told, move, remove, add, press } = useList(value, change);
  const typed = useSignal("");
  const known = new Map(options.map(({ name, title }) => [name, title]));
  return (
    <div class="pick-list" role="group" aria-label={label} data-where={where}>
      <span class="dim">{label}</span>
      <ul ref={list} onKeyDown={ordered ? press : undefined}>
        {value.map((name, i) => {
          const title = known.get(name) ?? name.replaceAll("_", " ");
          const lost = !known.has(name);
          return (
            <li key={name} class={lost ? "lost" : ""}>
              {open && !lost ? (
                <button type="button" class="link" onClick={() => open(name)}>
                  {title}
                </button>
              ) : (
                <span>{title}</span>
              )}
              {lost && <span class="wrong">{say("plans.lost")}</span>}
              {ordered && (
                <RowAct
                  one={title}
                  word="plans.earlier"
                  sign="↑"
                  keys="Alt ↑"
                  disabled={i === 0}
                  act={() => move(i, i - 1, open ? 1 : 0)}
                />
              )}
              <RowAct one={title} word="plans.take_out" sign="✕" act={() => remove(i)} />
            </li>
          );
        })}
      </ul>
      <Combobox
        label={`${label}: ${say("plans.add")}`}
        placeholder={say("plans.add")}
        value={typed.value}
        groups={[{ name: "all", title: null, options: offered(props, typed.value) }]}
        keyOf={({ name }) => name}
        typed={(text) => (typed.value = text)}
        choose={({ name }) => {
          typed.value = "";
          add(name, true);
        }}
        left={() => (typed.value = "")}
      >
        {({ title }) => <span class="what">{title}</span>}
      </Combobox>
      <span class="unseen" aria-live="polite">
        {told.value}
      </span>
      <Wrong where={where} deep />
    </div>
  );
}

/** Names of entries of another part. */
export function EntryPicks({ part, ...field }: Field<string[]> & { part: Part; label: string; ordered?: boolean }) {
  const { content, go } = useBench();
  return <Picks {...field} options={optionsOf(content, part)} open={(name) => go({ part, name })} />;
}
