/** Small signs of units: status, danger, silence, no answer. */
import type { Unit } from "../../api/types";
import { isSilent } from "../../desk/status";
import { say } from "../../words/words";
import { useHouse } from "../house";
import { Status } from "../parts";

/** A crew that is bound and of which nobody knows where it is. */
export function SilentSign() {
  return (
    <span class="silent-sign" title={say("unit.silent_title")}>
      {say("unit.silent")}
    </span>
  );
}

/** A crew that was sent and has not acknowledged in time. */
export function UnansweredSign({ until }: { until: string | null | undefined }) {
  const { now } = useHouse();
  if (!until || now.value < Date.parse(until)) return null;
  return (
    <span class="silent-sign" title={say("unit.unanswered_title")}>
      {say("unit.unanswered")}
    </span>
  );
}

/** How many messages of crews wait to be read; nothing where none does. */
export function UnreadSign({ count }: { count: number | undefined }) {
  if (!count) return null;
  return (
    <b class="unread-sign" title={say("unit.unread", { n: count })}>
      <span aria-hidden="true">✉ {count}</span>
      <span class="unseen">{say("unit.unread", { n: count })}</span>
    </b>
  );
}

/** The status; danger and silence stand before it. */
export function UnitState({ unit }: { unit: Unit }) {
  return (
    <span class="unit-state">
      {unit.panic && <b class="panic-sign">{say("panic.sign")}</b>}
      <UnreadSign count={unit.unread?.count} />
      {isSilent(unit) && <SilentSign />}
      <Status status={unit.status} service={unit.service} />
    </span>
  );
}
