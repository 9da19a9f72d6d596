/** What is wrong with a content, each leading to its row; or that all is sound. */
import type { Content } from "../../../api/plan_content";
import type { Checked } from "../../../api/plans";
import { say, sayOf, titleOf } from "../../../words/words";
import { called, useNames } from "./bench";
import { type Entry, entryOf } from "./draft";

/** Where a fault is, as people call it. */
function placeOf(content: Content, where: string): string {
  const entry = entryOf(where);
  return entry ? `${sayOf("plans.part", entry.part)} › ${called(content, entry)}` : where;
}

/** Nothing is wrong; and yet nobody will come where no unit is of a kind, or has a skill. */
function Sound({ checked, content }: { checked: Checked; content: Content }) {
  const { kind, skill } = useNames(content);
  const { kinds_nobody_has: kinds, skills_nobody_has: skills } = checked;
  return (
    <p class="hint" role="status">
      {say("plans.sound")} {kinds.length > 0 && `${say("plans.nobody_has")} ${kinds.map(kind).join(", ")}. `}
      {skills.length > 0 && `${say("plans.nobody_can")} ${skills.map(skill).join(", ")}.`}
    </p>
  );
}

type Props = { content: Content; checked: Checked; choose: (entry: Entry, where: string) => void };

/** The list. */
export function Faults({ content, checked, choose }: Props) {
  if (checked.faults.length === 0) return <Sound checked={checked} content={content} />;
  return (
    <ul class="faults" aria-label={say("plans.faults")}>
      {checked.faults.map((fault) => {
        const entry = entryOf(fault.where);
        return (
          <li key={`${fault.where} ${fault.problem.en}`}>
            <button
              type="button"
              class="link"
              title={fault.where}
              disabled={!entry}
              onClick={() => entry && choose(entry, fault.where)}
            >
              {placeOf(content, fault.where)}
            </button>{" "}
            {titleOf(fault.problem)}
          </li>
        );
      })}
    </ul>
  );
}
