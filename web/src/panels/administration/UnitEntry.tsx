/** One unit as administration knows it: what it is called, carries and belongs to, and taking it out of use. */
import { useSignal } from "@preact/signals";
import type { EnrolledUnit } from "../../api/enrolment";
import { say, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { Moment } from "../page/fields";
import { useServiceTitle } from "../parts";
import { kindTitle } from "../sending/kinds";
import { EditUnit } from "./EditUnit";

type Props = { unit: EnrolledUnit; changed: () => void; close: () => void };

function Facts({ unit }: { unit: EnrolledUnit }) {
  const service = useServiceTitle();
  return (
    <dl class="facts">
      <dt>{say("enrol.service")}</dt>
      <dd>{service(unit.service)}</dd>
      <dt>{say("unit.kind")}</dt>
      <dd>{kindTitle(unit.kind)}</dd>
      <dt>{say("enrol.device")}</dt>
      <dd>{unit.device}</dd>
      <dt>{say("enrol.home")}</dt>
      <dd>{titleOf(unit.home)}</dd>
      <dt>{say("unit.station")}</dt>
      <dd>{titleOf(unit.station) || say("enrol.no_station")}</dd>
      <dt>{say("unit.crew_count")}</dt>
      <dd>{unit.crew}</dd>
      {unit.retired_at && (
        <>
          <dt>{say("enrol.retired")}</dt>
          <dd>
            <Moment at={unit.retired_at} />
          </dd>
        </>
      )}
    </dl>
  );
}

/** Once to be sure: it does not come back. */
function Acts({ unit, changed }: { unit: EnrolledUnit; changed: () => void }) {
  const { client, desk } = useHouse();
  const trial = useTrial();
  const [editing, sure] = [useSignal(false), useSignal(false)];
  async function retire(): Promise<void> {
    if (!sure.value) {
      sure.value = true;
      return;
    }
    if (!(await trial.attempt(() => client.retireUnit(unit.id)))) return;
    desk.tell(say("saved"));
    changed();
  }
  return (
    <>
      <div class="acts">
        <button type="button" onClick={() => (editing.value = true)}>
          {say("unit.change")}
        </button>
        <button type="button" class={sure.value ? "danger" : ""} disabled={trial.busy.value} onClick={retire}>
          {say(sure.value ? "enrol.retire_sure" : "enrol.retire")}
        </button>
      </div>
      <Alert>{trial.wrong.value}</Alert>
      {editing.value && <EditUnit unit={unit} close={() => (editing.value = false)} done={changed} />}
    </>
  );
}

/** The panel beside the list. */
export function UnitEntry({ unit, changed, close }: Props) {
  const { desk } = useHouse();
  return (
    <aside class="detail" aria-label={unit.call_sign}>
      <header>
        <h3>{unit.call_sign}</h3>
        <button type="button" class="quiet" aria-label={say("close_panel")} onClick={close}>
          ✕
        </button>
      </header>
      <div class="scrolls" tabIndex={0} role="group" aria-label={unit.call_sign}>
        <Facts unit={unit} />
        {desk.may("units.enrol") && !unit.retired_at && <Acts unit={unit} changed={changed} />}
      </div>
    </aside>
  );
}
