/** How it went: every entry, oldest first, and a line to add a note. */
import type { Incident, TimelineEntry, Title } from "../api/types";
import { clock, date } from "../words/formats";
import { say, sayOf, titleOf } from "../words/words";
import { Fold } from "./card/Fold";
import { useHouse } from "./house";
import { useCategoryTitle, useServiceTitle, useStatusTitle } from "./parts";
import { tellOf } from "./told";

function Note() {
  const { operations, desk } = useHouse();
  async function add(submitted: SubmitEvent): Promise<void> {
    submitted.preventDefault();
    if (await operations.note(desk.note_draft.value)) desk.note_draft.value = "";
  }
  return (
    <form class="line" onSubmit={add}>
      <input
        value={desk.note_draft.value}
        onInput={(typed) => (desk.note_draft.value = typed.currentTarget.value)}
        aria-label={say("incident.note")}
        placeholder={say("incident.note")}
        maxLength={2000}
      />
      <button type="submit" disabled={desk.busy.value}>
        {say("incident.note_submit")}
      </button>
    </form>
  );
}

/** Who it was, as what and for which area: a level above that acts here is seen to be one. */
function Who({ entry }: { entry: TimelineEntry }) {
  const { by } = entry.details as { by?: { role: string; area: Title } };
  const what = by && `${sayOf("role", by.role)}, ${titleOf(by.area)}`;
  return (
    <span class="dim">
      {entry.who}
      {what && ` (${what})`}
    </span>
  );
}

/** The part of the card. */
export function Timeline({ incident, may }: { incident: Incident; may: boolean }) {
  const titles = { status: useStatusTitle(), category: useCategoryTitle(), service: useServiceTitle() };
  return (
    <Fold
      id="card-timeline"
      title={say("incident.timeline")}
      aside={<span class="count">{incident.timeline.length}</span>}
    >
      <ol class="timeline">
        {incident.timeline.map((entry) => (
          <li key={entry.id}>
            <time dateTime={entry.at} title={date(entry.at)}>
              {clock(entry.at, true)}
            </time>
            <span>
              <b>{sayOf("timeline", entry.kind)}</b> {tellOf(entry, titles)} <Who entry={entry} />
            </span>
          </li>
        ))}
      </ol>
      {may && <Note />}
    </Fold>
  );
}
