/** How it went: every entry, oldest first, and a line to add a note. */
import { useRef } from "preact/hooks";
import type { Incident, TimelineEntry } from "../api/types";
import { clock, date } from "../words/formats";
import { say, sayOf } from "../words/words";
import { useHouse } from "./house";
import { Section, useStatusTitle } from "./parts";

/** What an entry tells beyond its kind. */
export function tellOf(entry: TimelineEntry, titleOfStatus: (status: string) => string): string {
  const { text, note, call_sign, unit, units, status, reason } = entry.details;
  const parts = [call_sign ?? unit, units, status && titleOfStatus(String(status)), text ?? note, reason];
  return parts
    .filter((part) => typeof part === "string" || Array.isArray(part))
    .map((part) => (Array.isArray(part) ? part.join(", ") : part))
    .join(" · ");
}

function Note() {
  const { operations, desk } = useHouse();
  const form = useRef<HTMLFormElement>(null);
  async function add(submitted: SubmitEvent): Promise<void> {
    submitted.preventDefault();
    const text = String(new FormData(submitted.target as HTMLFormElement).get("text"));
    if (await operations.note(text)) form.current?.reset();
  }
  return (
    <form class="line" onSubmit={add} ref={form}>
      <input name="text" aria-label={say("incident.note")} placeholder={say("incident.note")} maxLength={2000} />
      <button type="submit" disabled={desk.busy.value}>
        {say("incident.note_submit")}
      </button>
    </form>
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
              <b>{sayOf("timeline", entry.kind)}</b> {tellOf(entry, title)} <span class="dim">{entry.who}</span>
            </span>
          </li>
        ))}
      </ol>
      {may && <Note />}
    </Section>
  );
}
