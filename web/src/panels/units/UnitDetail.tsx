/** The selected unit in full, under its row: what it can do, who is aboard, what it is told and asked. */
import { useSignal } from "@preact/signals";
import type { Unit } from "../../api/types";
import type { UnitInFull } from "../../api/units";
import { moment } from "../../words/formats";
import { say, sayOf, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { Key, useSkillTitle } from "../parts";
import { kindTitle } from "../sending/kinds";
import { ChangeUnit } from "./ChangeUnit";
import { DutyForm } from "./DutyForm";
import { writeEquipment } from "./equipment";
import { Messages } from "./Messages";
import { Shifts } from "./Shifts";
import { StatusProposals } from "./StatusProposals";

/** The two axes of NENA-STA-021.1, and the word of the unit's own service. */
function Axes({ unit }: { unit: Unit }) {
  return (
    <>
      {unit.label && (
        <>
          <dt>{say("unit.label")}</dt>
          <dd>{titleOf(unit.label)}</dd>
        </>
      )}
      {unit.primary && (
        <>
          <dt>{say("unit.eido")}</dt>
          <dd>
            {sayOf("eido", unit.primary)}
            {(unit.secondary ?? []).map((activity) => (
              <span class="chip" key={activity}>
                {sayOf("eido", activity)}
              </span>
            ))}
          </dd>
        </>
      )}
    </>
  );
}

function Fact({ title, children }: { title: string; children: string | null | undefined }) {
  if (!children) return null;
  return (
    <>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Facts({ unit, full }: { unit: Unit; full: UnitInFull | null }) {
  const { now } = useHouse();
  const skill = useSkillTitle();
  const shift = unit.shift;
  const crew = full?.members.map((one) => (one.role ? `${one.name} (${one.role})` : one.name)).join(", ");
  return (
    <dl class="facts">
      <Axes unit={unit} />
      <Fact title={say("unit.kind")}>{kindTitle(unit.kind)}</Fact>
      <Fact title={say("unit.radio_name")}>{unit.radio_name}</Fact>
      <Fact title={say("unit.vehicle")}>{unit.vehicle}</Fact>
      <Fact title={say("unit.station")}>{titleOf(unit.station)}</Fact>
      <Fact title={say("unit.skills")}>{unit.skills?.map(skill).join(", ")}</Fact>
      <Fact title={say("unit.equipment")}>{writeEquipment(unit.equipment ?? {})}</Fact>
      <Fact title={say("unit.crew")}>{crew || say("unit.crew_n", { n: unit.crew })}</Fact>
      <Fact title={say("shift.title")}>
        {shift && `${moment(shift.begins_at, now.value)} – ${moment(shift.ends_at, now.value)}`}
      </Fact>
    </dl>
  );
}

function Acts({ unit }: { unit: Unit }) {
  const { desk, sending } = useHouse();
  const task = unit.dispatch;
  return (
    <div class="acts">
      {desk.may("incidents.dispatch") && (
        <button type="button" onClick={() => (sending.choice.value = { unit_id: unit.id })}>
          {say("sending.send_to")} <Key name="S" />
        </button>
      )}
      {task && (
        <button type="button" onClick={() => desk.openIncident(task.incident_id)}>
          {task.incident_number}
        </button>
      )}
    </div>
  );
}

function InFull({ unit }: { unit: UnitInFull }) {
  const { desk, crews } = useHouse();
  const changing = useSignal(false);
  return (
    <>
      <StatusProposals proposals={crews.proposed.value.filter((one) => one.unit.id === unit.id)} />
      {desk.may("units.duty") && <DutyForm unit={unit} />}
      <Messages unit={unit} may={desk.may("units.message")} />
      <details>
        <summary>{say("unit.shifts")}</summary>
        <Shifts unit={unit} may={desk.may("units.write")} />
      </details>
      {desk.may("units.write") && (
        <button type="button" class="quiet" onClick={() => (changing.value = true)}>
          {say("unit.change")}
        </button>
      )}
      {changing.value && <ChangeUnit unit={unit} close={() => (changing.value = false)} />}
    </>
  );
}

/** The part under the row; what the list already told is there at once. */
export function UnitDetail({ unit }: { unit: Unit }) {
  const full = useHouse().crews.unit.value;
  const known = full?.id === unit.id ? full : null;
  return (
    <section class="unit-detail" aria-label={unit.call_sign}>
      <Acts unit={unit} />
      <Facts unit={unit} full={known} />
      {known && <InFull unit={known} />}
    </section>
  );
}
