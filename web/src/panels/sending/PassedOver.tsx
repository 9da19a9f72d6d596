/** Units that are nearer and still not proposed, each with its reason; one may look at them all the same. */
import type { PassedOver as Passed } from "../../api/types";
import { distance, stopwatch } from "../../words/formats";
import { say, sayOf, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { ServiceSign } from "../parts";
import { kindTitle } from "./kinds";

function Row({ one, may }: { one: Passed; may: boolean }) {
  const { desk, sending } = useHouse();
  const { unit } = one;
  return (
    <li>
      <ServiceSign service={unit.service} status={unit.status} />
      <span class="what">
        <span>
          <b>{unit.call_sign}</b> <span class={`why ${one.code}`}>{sayOf("passed", one.code)}</span>
        </span>
        <span class="dim">
          {kindTitle(unit.kind)} · {distance(one.straight_m)}
          {one.eta_s !== null && ` · ${stopwatch(one.eta_s)}`}
        </span>
        <span class="dim reason">{titleOf(one.reason)}</span>
      </span>
      {may && (
        <button
          type="button"
          class="icon one"
          aria-label={say("sending.look", { unit: unit.call_sign })}
          title={say("sending.look", { unit: unit.call_sign })}
          onClick={() => desk.opened_id.value !== null && void sending.look(unit.id, desk.opened_id.value)}
        >
          ↗
        </button>
      )}
    </li>
  );
}

/** The list, folded; it is long, and asked for only when the choice is doubted. */
export function PassedOver({ over, may }: { over: Passed[]; may: boolean }) {
  if (over.length === 0) return null;
  return (
    <details class="passed">
      <summary>{say("proposals.passed_over", { n: over.length })}</summary>
      <ul>
        {over.map((one) => (
          <Row key={one.unit.id} one={one} may={may} />
        ))}
      </ul>
    </details>
  );
}
