/** The roster of a unit: who is aboard, from when until when; a new shift is planned here. */
import { useSignal } from "@preact/signals";
import type { CrewMember, UnitInFull, UnitShift } from "../../api/units";
import { moment } from "../../words/formats";
import { say } from "../../words/words";
import { instant } from "../audit/filter";
import { Buttons, Dialog } from "../dialogs/Dialog";
import { fieldsOf } from "../dialogs/trial";
import { useHouse } from "../house";

const SHOWN = 6; // those that run and come stand first

/** `Name, role` a line, as one types them; a name alone will do. */
export function readCrew(text: string): CrewMember[] {
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const [name = "", role = ""] = line.split(/,(.*)/);
      return { name: name.trim(), role: role.trim() };
    });
}

function Plan({ unit, close }: { unit: UnitInFull; close: () => void }) {
  const { crews, desk } = useHouse();
  async function save(submitted: SubmitEvent): Promise<void> {
    const { begins = "", ends = "", crew = "" } = fieldsOf(submitted);
    const shift = { begins_at: instant(begins) ?? "", ends_at: instant(ends) ?? "", crew: readCrew(crew) };
    if (await crews.planShift(unit.id, shift)) close();
  }
  return (
    <Dialog title={say("unit.shift_plan")} close={close}>
      <form onSubmit={save}>
        <label class="field">
          {say("audit.from")}
          <input type="datetime-local" name="begins" required />
        </label>
        <label class="field">
          {say("audit.to")}
          <input type="datetime-local" name="ends" required />
        </label>
        <label class="field">
          {say("unit.crew")}
          <textarea name="crew" rows={4} maxLength={2000} />
          <span class="dim">{say("unit.crew_hint")}</span>
        </label>
        <Buttons busy={desk.busy.value} submit={say("save")} cancel={close} />
      </form>
    </Dialog>
  );
}

function Row({ unit, shift, may }: { unit: UnitInFull; shift: UnitShift; may: boolean }) {
  const { crews, desk, now } = useHouse();
  const over = new Date(shift.ends_at).getTime() < now.value;
  return (
    <li class={over ? "dim" : ""}>
      <span class="what">
        <span>
          {moment(shift.begins_at, now.value)} – {moment(shift.ends_at, now.value)}
        </span>
        <span class="dim">{shift.crew.map((one) => one.name).join(", ")}</span>
      </span>
      {may && !over && (
        <button
          type="button"
          class="icon"
          disabled={desk.busy.value}
          aria-label={say("unit.shift_drop")}
          title={say("unit.shift_drop")}
          onClick={() => void crews.dropShift(unit.id, shift.id)}
        >
          ✕
        </button>
      )}
    </li>
  );
}

/** The list, with the way to plan another. */
export function Shifts({ unit, may }: { unit: UnitInFull; may: boolean }) {
  const planning = useSignal(false);
  return (
    <>
      <ul class="lines">
        {unit.shifts.slice(0, SHOWN).map((shift) => (
          <Row key={shift.id} unit={unit} shift={shift} may={may} />
        ))}
      </ul>
      {unit.shifts.length === 0 && <p class="dim">{say("unit.no_shifts")}</p>}
      {may && (
        <button type="button" onClick={() => (planning.value = true)}>
          {say("unit.shift_plan")}
        </button>
      )}
      {planning.value && <Plan unit={unit} close={() => (planning.value = false)} />}
    </>
  );
}
