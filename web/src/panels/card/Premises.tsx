/** What is to be known of the premises: hazards stand above the rest of the card, notes, keys and contacts below. */
import { useSignal } from "@preact/signals";
import type { PremisesKind, PremisesNote, PremisesNotes, Reach } from "../../api/past";
import type { Incident } from "../../api/types";
import { date, distance } from "../../words/formats";
import { say, sayOf } from "../../words/words";
import { Buttons, Dialog } from "../dialogs/Dialog";
import { fieldsOf } from "../dialogs/trial";
import { useHouse } from "../house";
import { Fold } from "./Fold";
import { Sliders } from "./Sliders";

const KINDS: readonly PremisesKind[] = ["hazard", "note", "key", "contact"];

/** The hazards that stand, at once in sight. */
export function Hazards({ notes }: { notes: readonly PremisesNote[] }) {
  return notes
    .filter((note) => note.kind === "hazard" && note.standing)
    .map((note) => (
      <p class="warn hazard" key={note.id}>
        <span aria-hidden="true">▲</span> {note.text}
        {note.distance_m !== null && note.distance_m > 5 && <span class="dim"> {distance(note.distance_m)}</span>}
      </p>
    ));
}

function Row({ note, remove }: { note: PremisesNote; remove: (() => void) | null }) {
  return (
    <li class={note.standing ? "" : "over"}>
      <b>{sayOf("premises.kind", note.kind)}</b>
      <span class="what">
        <span>{note.masked ? say("premises.masked") : note.text}</span>
        <span class="dim">
          {note.made_by} · {date(note.made_at)}
          {note.until && ` · ${say("premises.until", { at: date(note.until) })}`}
        </span>
      </span>
      {remove && note.standing && (
        <button
          type="button"
          class="icon"
          aria-label={`${say("premises.remove")}: ${note.text ?? ""}`}
          title={say("premises.remove")}
          onClick={remove}
        >
          ✕
        </button>
      )}
    </li>
  );
}

function Add({ incident, close, made }: { incident: Incident; close: () => void; made: () => void }) {
  const { client, desk } = useHouse();
  async function add(submitted: SubmitEvent): Promise<void> {
    const { kind = "note", text = "", until = "" } = fieldsOf(submitted);
    const note = {
      kind: kind as PremisesKind,
      text: text.trim(),
      place: incident.place,
      ...(incident.address && { address: incident.address }),
      ...(until && { until: `${until}T23:59:59+05:00` }),
    };
    if (!(await desk.act(() => client.addNote(note)))) return;
    made();
    close();
  }
  return (
    <Dialog title={say("premises.add")} close={close}>
      <form onSubmit={add}>
        <p class="dim">{say("premises.hint")}</p>
        <label class="field">
          {say("premises.what")}
          <select name="kind">
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {sayOf("premises.kind", kind)}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          {say("premises.text")}
          <textarea name="text" rows={3} maxLength={2000} required />
        </label>
        <label class="field">
          {say("premises.last_day")}
          <input name="until" type="date" />
        </label>
        <Buttons busy={desk.busy.value} submit={say("premises.add_submit")} cancel={close} />
      </form>
    </Dialog>
  );
}

type Props = { incident: Incident; known: PremisesNotes | null; again: () => void };

/** The part of the card. */
export function Premises({ incident, known, again }: Props) {
  const { client, desk } = useHouse();
  const adding = useSignal(false);
  const [may, ends] = [desk.may("premises.write"), desk.may("premises.write")];
  const notes = known?.notes ?? [];
  const said = desk.reach.value.premises;
  const standing = notes.filter((note) => note.standing).length;
  function look(reach: Reach): void {
    desk.reach.value = { ...desk.reach.value, premises: reach };
  }
  async function remove(id: number): Promise<void> {
    await desk.act(async () => (await client.endNote(id)) ?? true);
    again();
  }
  return (
    <Fold id="card-premises" title={say("premises.title")} shut aside={known && <span class="count">{standing}</span>}>
      {known && <Sliders radius_m={null} days={known.days} said={said} set={look} />}
      {known && notes.length === 0 && <p class="dim">{say("premises.none")}</p>}
      <ul class="notes">
        {notes.map((note) => (
          <Row key={note.id} note={note} remove={ends ? () => void remove(note.id) : null} />
        ))}
      </ul>
      {may && (
        <button type="button" onClick={() => (adding.value = true)}>
          {say("premises.add")}
        </button>
      )}
      {adding.value && <Add incident={incident} close={() => (adding.value = false)} made={again} />}
    </Fold>
  );
}
