/** Small signs beside a unit: its status, danger, silence. */
import type { Unit } from "../../api/types";
import { isSilent } from "../../desk/status";
import { say } from "../../words/words";
import { Status } from "../parts";

/** A crew on its way of which nobody knows where it is. */
export function SilentSign() {
  return (
    <span class="silent-sign" title={say("unit.silent_title")}>
      {say("unit.silent")}
    </span>
  );
}

/** The status; danger and silence stand before it. */
export function UnitState({ unit }: { unit: Unit }) {
  return (
    <span class="unit-state">
      {unit.panic && <b class="panic-sign">{say("panic.sign")}</b>}
      {isSilent(unit) && <SilentSign />}
      <Status status={unit.status} />
    </span>
  );
}
