/** Which units there are: in use or retired, what each carries and where it is at home. */
import { language, say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { kindTitle } from "../sending/kinds";
import { EditUnit } from "./EditUnit";
import { foundUnits, type ListedUnit, listedUnits } from "./enrolment";
import { Roster } from "./Roster";
import { UnitEntry } from "./UnitEntry";

function Cells({ unit }: { unit: ListedUnit }) {
  return (
    <>
      <td>{kindTitle(unit.kind)}</td>
      <td>{unit.device}</td>
      <td>{titleOf(unit.home)}</td>
      <td>
        <span class={`status ${unit.retired_at ? "away" : "free"}`}>
          {say(unit.retired_at ? "enrol.retired" : "enrol.in_use")}
        </span>
      </td>
    </>
  );
}

/** The part of the page. */
export function Units() {
  const { client, desk } = useHouse();
  const asked = useAsked(async () => listedUnits((await client.enrolled()).units));
  return (
    <Roster
      asked={asked}
      title={say("admin.units")}
      search={say("enrol.search")}
      found={(all, sought) => foundUnits(all, sought, language.value)}
      none={say("enrol.none")}
      make={desk.may("units.enrol") && say("enrol.make")}
      heads={["enrol.call_sign", "unit.kind", "enrol.device", "enrol.home", "account.state"]}
      cells={(unit) => <Cells unit={unit} />}
      over={(unit) => unit.retired_at !== null}
      detail={(unit, close) => <UnitEntry key={unit.id} unit={unit} changed={() => void asked.again()} close={close} />}
      form={(made, close) => <EditUnit done={({ id }) => made(id)} close={close} />}
    />
  );
}
