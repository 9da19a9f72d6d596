/** What a unit can do and carries, changed in one form. */
import type { UnitInFull } from "../../api/units";
import { say } from "../../words/words";
import { Buttons, Dialog } from "../dialogs/Dialog";
import { fieldsOf } from "../dialogs/trial";
import { useHouse } from "../house";
import { readEquipment, readSkills, writeEquipment } from "./equipment";

/** The dialog. */
export function ChangeUnit({ unit, close }: { unit: UnitInFull; close: () => void }) {
  const { crews, desk } = useHouse();
  async function save(submitted: SubmitEvent): Promise<void> {
    const { skills = "", equipment = "", vehicle = "", radio_name = "", crew = "" } = fieldsOf(submitted);
    const change = {
      skills: readSkills(skills),
      equipment: readEquipment(equipment),
      vehicle: vehicle.trim() || null,
      radio_name: radio_name.trim() || null,
      crew: Number(crew),
    };
    if (await crews.change(unit.id, change)) close();
  }
  return (
    <Dialog title={say("unit.change_title", { unit: unit.call_sign })} close={close}>
      <form onSubmit={save}>
        <label class="field">
          {say("unit.skills")}
          <input name="skills" defaultValue={(unit.skills ?? []).join(", ")} maxLength={1000} />
          <span class="dim">{say("unit.skills_hint")}</span>
        </label>
        <label class="field">
          {say("unit.equipment")}
          <input name="equipment" defaultValue={writeEquipment(unit.equipment ?? {})} maxLength={1000} />
          <span class="dim">{say("unit.equipment_hint")}</span>
        </label>
        <label class="field">
          {say("unit.vehicle")}
          <input name="vehicle" defaultValue={unit.vehicle ?? ""} maxLength={200} />
        </label>
        <label class="field">
          {say("unit.radio_name")}
          <input name="radio_name" defaultValue={unit.radio_name ?? ""} maxLength={200} />
        </label>
        <label class="field">
          {say("unit.crew_count")}
          <input name="crew" type="number" min={0} max={99} required defaultValue={unit.crew} />
        </label>
        <Buttons busy={desk.busy.value} submit={say("save")} cancel={close} />
      </form>
    </Dialog>
  );
}
