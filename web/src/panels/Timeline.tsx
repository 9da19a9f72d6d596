/** How it went: every entry, oldest first, and a line to add a note. */
import type { Incident, TimelineEntry, Title } from "../api/types";
import { clock, date } from "../words/formats";
import { say, sayOf, titleOf } from "../words/words";
import { useHouse } from "./house";
import { Section, useStatusTitle } from "./parts";

/** What an entry tells beyond its kind. */
export function tellOf(entry: TimelineEntry, titleOfStatus: (status: string) => string): string {
  const { text, note, call_sign, unit, units, status, reason, to } = entry.details;
  const parts = [
    to && titleOf(to as Title),
    call_sign ?? unit,
    units,
    status && titleOfStatus(String(status)),
    text ?? note,
    reason,
  ];
  return parts
    .filter((part) => typeof part === "string" || Array.isArray(part))
    .map((part) => (Array.isArray(part) ? part.join(", ") : part))
    .join(" · ");
}

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
  const title = useStatusTitle();
  return (
    <Section id="card-timeline" title={say("incident.timeline")}>
      <ol class="timeline">
        {incident.timeline.map((entry) => (
          <li key={entry.id}>
            <time dateTime={entry.at} title={date(entry.at)}>
              {clock(entry.at, true)}
            </time>
            <span>
              <b>{sayOf("timeline", entry.kind)}</b> {tellOf(entry, title)} <Who entry={entry} />
            </span>
          </li>
        ))}
      </ol>
      {may && <Note />}
    </Section>
  );
}
