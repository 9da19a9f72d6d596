/** The parts of the plans, and the entries of the one that is open. */
import { useSignal } from "@preact/signals";
import type { Content } from "../../../api/plan_content";
import type { Fault } from "../../../api/plans";
import { say, sayOf } from "../../../words/words";
import { optionsOf } from "./bench";
import { type Entry, keyOf, liesIn, listOf, PARTS, type Part, whereOf } from "./draft";

type Props = {
  content: Content;
  changed: readonly Entry[];
  faults: readonly Fault[];
  open: Entry;
  choose: (entry: Entry) => void;
};

/** The list, searched; what was changed and what is wrong is marked. */
export function Entries({ content, changed, faults, open, choose }: Props) {
  const sought = useSignal("");
  const touched = new Set(changed.map(keyOf));
  const wrong = (entry: Entry) => faults.some((fault) => liesIn(fault.where, whereOf(entry)));
  return (
    <section class="entries" aria-label={say("plans.entries")}>
      <select
        aria-label={say("plans.part")}
        value={open.part}
        onChange={(chosen) => {
          const part = chosen.currentTarget.value as Part;
          choose({ part, name: optionsOf(content, part)[0]?.name ?? "" });
        }}
      >
        {PARTS.map((part) => (
          <option key={part} value={part}>
            {sayOf("plans.part", part)} ({Object.keys(listOf(content, part)).length})
          </option>
        ))}
      </select>
      <input
        type="search"
        aria-label={say("plans.search")}
        placeholder={say("plans.search")}
        value={sought.value}
        onInput={(typed) => (sought.value = typed.currentTarget.value)}
      />
      <ul class="scrolls" tabIndex={0} aria-label={sayOf("plans.part", open.part)}>
        {optionsOf(content, open.part, sought.value).map(({ name, title }) => {
          const entry = { part: open.part, name };
          return (
            <li key={name}>
              <button type="button" class="link" aria-current={name === open.name} onClick={() => choose(entry)}>
                {title}
                {touched.has(keyOf(entry)) && (
                  <b title={say("plans.changed")}>
                    {" "}
                    <span aria-hidden="true">●</span> <span class="unseen">{say("plans.changed")}</span>
                  </b>
                )}
                {wrong(entry) && (
                  <b class="bad" title={say("plans.faults")}>
                    {" "}
                    <span aria-hidden="true">▲</span> <span class="unseen">{say("plans.faults")}</span>
                  </b>
                )}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
