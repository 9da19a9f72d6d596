/** One entry as JSON, and what is wrong with all of them. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Checked, Content } from "../../../api/plans";
import { say, sayOf, titleOf } from "../../../words/words";
import { type Entry, entryOf, parsed, written } from "./draft";

type EditorProps = { entry: Entry; content: Content; may: boolean; change: (entry: unknown) => void };

/** The entry as JSON; what is no JSON stays in the field and is not taken over. */
export function Editor({ entry, content, may, change }: EditorProps) {
  const value = content[entry.part]?.[entry.name];
  const [text, wrong] = [useSignal(written(value)), useSignal("")];
  const shown = written(value);
  useEffect(() => {
    text.value = shown;
    wrong.value = "";
  }, [entry.part, entry.name, shown]);
  function type(typed: string): void {
    text.value = typed;
    const read = parsed(typed);
    wrong.value = "wrong" in read ? read.wrong : "";
  }
  function take(): void {
    const read = parsed(text.value);
    if ("entry" in read && written(read.entry) !== shown) change(read.entry);
  }
  return (
    <label class="field editor">
      <span>
        {sayOf("plans.part", entry.part)} › <b>{entry.name}</b>
      </span>
      <textarea
        spellcheck={false}
        autocomplete="off"
        value={text.value}
        readOnly={!may}
        aria-invalid={wrong.value !== ""}
        aria-describedby="plans-wrong"
        onInput={(typed) => type(typed.currentTarget.value)}
        onBlur={take}
      />
      <span class="wrong" id="plans-wrong" role="alert">
        {wrong.value}
      </span>
    </label>
  );
}

/** Each fault leads to its entry. */
export function Faults({ checked, choose }: { checked: Checked; choose: (entry: Entry) => void }) {
  if (checked.faults.length === 0)
    return (
      <p class="hint" role="status">
        {say("plans.sound")} {checked.kinds_nobody_has.length > 0 && say("plans.nobody_has")}{" "}
        {checked.kinds_nobody_has.join(", ")}
      </p>
    );
  return (
    <ul class="faults" aria-label={say("plans.faults")}>
      {checked.faults.map((fault) => {
        const entry = entryOf(fault.where);
        return (
          <li key={`${fault.where} ${fault.problem.en}`}>
            <button type="button" class="link" disabled={!entry} onClick={() => entry && choose(entry)}>
              {fault.where}
            </button>{" "}
            {titleOf(fault.problem)}
          </li>
        );
      })}
    </ul>
  );
}
