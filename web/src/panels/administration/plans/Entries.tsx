/** The parts of the plans, and the entries of the one that is open. */
import { useSignal } from "@preact/signals";
import type { Content } from "../../../api/plans";
import { say, sayOf } from "../../../words/words";
import { type Entry, entriesOf, PARTS, type Part } from "./draft";

/** The list, searched. */
export function Entries(props: { content: Content; changed: string[]; open: Entry; choose: (entry: Entry) => void }) {
  const { content, changed, open, choose } = props;
  const sought = useSignal("");
  return (
    <section class="entries" aria-label={say("plans.entries")}>
      <select
        aria-label={say("plans.part")}
        value={open.part}
        onChange={(chosen) => {
          const part = chosen.currentTarget.value as Part;
          choose({ part, name: Object.keys(content[part] ?? {})[0] ?? "" });
        }}
      >
        {PARTS.map((part) => (
          <option key={part} value={part}>
            {sayOf("plans.part", part)} ({Object.keys(content[part] ?? {}).length})
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
        {entriesOf(content, open.part, sought.value).map((name) => (
          <li key={name}>
            <button
              type="button"
              class="link"
              aria-current={name === open.name}
              onClick={() => choose({ part: open.part, name })}
            >
              {name} {changed.includes(`${open.part}.${name}`) && <b title={say("plans.changed")}>●</b>}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
