/** What changed against the version in force, entry by entry and line by line. */
import type { Content } from "../../../api/plan_content";
import { say, sayOf } from "../../../words/words";
import { called, useNames } from "./bench";
import { difference, linesOf } from "./describe";
import { changedEntries, type Entry, keyOf, listOf } from "./draft";

type Props = { before: Content; after: Content; putBack?: (entry: Entry) => void };

/** The lines of one entry. */
function Lines({ before, after, entry }: Props & { entry: Entry }) {
  const [old, fresh] = [useNames(before), useNames(after)];
  const told = difference(
    linesOf(entry.part, listOf(before, entry.part)[entry.name], old),
    linesOf(entry.part, listOf(after, entry.part)[entry.name], fresh),
  );
  if (told.length === 0) return <p class="dim">{say("plans.only_order")}</p>;
  return (
    <ul>
      {told.map(({ sign, text }) => (
        <li key={`${sign} ${text}`}>
          {sign === "-" ? <del>{text}</del> : <ins>{text}</ins>}
          <span class="unseen">{say(sign === "-" ? "plans.went" : "plans.came")}</span>
        </li>
      ))}
    </ul>
  );
}

/** The list of what changed; `putBack` takes one entry back to what holds. */
export function Compare({ before, after, putBack }: Props) {
  const entries = changedEntries(before, after);
  return (
    <div class="compare" tabIndex={0} role="group" aria-label={say("plans.changes")}>
      {entries.map((entry) => {
        const there = listOf(after, entry.part)[entry.name] !== undefined;
        return (
          <section key={keyOf(entry)} aria-label={keyOf(entry)}>
            <header class="line spread">
              <h3>
                <span class="dim">{sayOf("plans.part", entry.part)} ›</span> {called(there ? after : before, entry)}
              </h3>
              {putBack && (
                <button type="button" class="link" onClick={() => putBack(entry)}>
                  {say("plans.put_back")} <span class="unseen">{called(there ? after : before, entry)}</span>
                </button>
              )}
            </header>
            <Lines before={before} after={after} entry={entry} />
          </section>
        );
      })}
      {entries.length === 0 && <p class="dim">{say("plans.no_changes")}</p>}
    </div>
  );
}
