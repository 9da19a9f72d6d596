/** The units that go: status, arrival, and the clock of the status they are in. */
import type { Dispatch } from "../api/types";
import { clock, distance, stopwatch } from "../words/formats";
import { say } from "../words/words";
import { useHouse } from "./house";
import { Section, ServiceSign, Status, useStatusTitle } from "./parts";
import { SilentSign, UnreadSign } from "./units/Signs";
import { StatusProposals } from "./units/StatusProposals";

/** A refusal is the crew's, and says why. */
const bySelf = (status: string) => status !== "refused";
const ON_THE_WAY = new Set(["dispatched", "acknowledged", "enroute"]);

/** When it arrives, by its newest position; of a crew that fell silent nobody knows. */
function Arrival({ dispatch }: { dispatch: Dispatch }) {
  const { now } = useHouse();
  if (!ON_THE_WAY.has(dispatch.status)) return null;
  if (!dispatch.eta_at) return <span class="eta late">{say("dispatch.eta_unknown")}</span>;
  const left_s = (new Date(dispatch.eta_at).getTime() - now.value) / 1000;
  const late = left_s < 0;
  const reckoned = dispatch.routed_at ? ` · ${say("dispatch.routed", { at: clock(dispatch.routed_at, true) })}` : "";
  const told = say("dispatch.eta", { at: clock(dispatch.eta_at, true) }) + reckoned;
  return (
    <span class={`eta ${late ? "late" : ""}`} title={told}>
      {late ? say("dispatch.late", { in: stopwatch(-left_s) }) : say("dispatch.eta_in", { in: stopwatch(left_s) })}
    </span>
  );
}

function DivertedTo({ to }: { to: NonNullable<Dispatch["diverted_to"]> }) {
  const { desk } = useHouse();
  return (
    <button type="button" class="link" onClick={() => desk.openIncident(to.incident_id)}>
      → {to.incident_number}
    </button>
  );
}

function Row({ dispatch, may }: { dispatch: Dispatch; may: boolean }) {
  const { desk, operations, crews, now } = useHouse();
  const title = useStatusTitle();
  const { unit } = dispatch;
  const going = dispatch.next.length > 0;
  const since_s = (now.value - new Date(dispatch.status_at).getTime()) / 1000;
  return (
    <li class={going ? "" : "over"}>
      <ServiceSign service={unit.service} status={going ? dispatch.status : "off"} />
      <span class="what">
        <button
          type="button"
          class="link strong"
          title={say("show_on_map")}
          onClick={() => desk.flyTo(desk.units.value.get(unit.id)?.place, 15)}
        >
          {unit.call_sign}
        </button>
        <span>
          <Status status={dispatch.status} service={unit.service} />{" "}
          {dispatch.diverted_to && <DivertedTo to={dispatch.diverted_to} />}
          {going && <span class="dim">{say("dispatch.since", { age: stopwatch(since_s) })}</span>}{" "}
          <UnreadSign count={desk.units.value.get(unit.id)?.unread?.count} />
          {going && dispatch.silent_since && <SilentSign />}
        </span>
      </span>
      <span class="side">
        <Arrival dispatch={dispatch} />
        {dispatch.route_m !== null && (
          <span class="dim">
            {dispatch.straight ? "≈ " : ""}
            {distance(dispatch.route_m)}
          </span>
        )}
        {may && going && (
          <select
            aria-label={say("dispatch.set_status", { unit: unit.call_sign })}
            value=""
            onChange={(e) => e.currentTarget.value && void operations.setStatus(dispatch, e.currentTarget.value)}
          >
            <option value="">{say("dispatch.change")}</option>
            {dispatch.next.filter(bySelf).map((status) => (
              <option key={status} value={status}>
                {title(status, unit.service)}
              </option>
            ))}
          </select>
        )}
      </span>
      {may && desk.may("statuses.decide") && (
        <StatusProposals proposals={crews.proposed.value.filter((one) => one.dispatch_id === dispatch.id)} />
      )}
    </li>
  );
}

/** The part of the card; those still bound come first. */
export function Dispatches({ dispatches, may }: { dispatches: Dispatch[]; may: boolean }) {
  const ordered = [...dispatches].sort((a, b) => Number(!a.next.length) - Number(!b.next.length) || a.id - b.id);
  return (
    <Section
      id="card-dispatches"
      title={say("dispatches.title")}
      aside={<span class="count">{dispatches.length}</span>}
    >
      <ul class="dispatches">
        {ordered.map((dispatch) => (
          <Row key={dispatch.id} dispatch={dispatch} may={may} />
        ))}
      </ul>
    </Section>
  );
}
