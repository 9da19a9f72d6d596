/** Open incidents, most urgent first. */
import type { IncidentBrief } from "../api/types";
import { say, sayOf, titleOf } from "../words/words";
import { ClockSign } from "./clocks/Clock";
import { useHouse } from "./house";
import { Age, Badge, useCategoryTitle } from "./parts";
import { SilentSign, UnansweredSign } from "./units/Signs";

function Row({ incident }: { incident: IncidentBrief }) {
  const { desk } = useHouse();
  const category = useCategoryTitle();
  const on = desk.selected.value?.kind === "incident" && desk.selected.value.id === incident.id;
  return (
    <li class={on ? "on" : ""}>
      <button
        type="button"
        class="row incident"
        data-row={`incident-${incident.id}`}
        aria-current={on}
        onClick={() => desk.openIncident(incident.id)}
      >
        <Badge priority={incident.priority} />
        <span class="what">
          <b>{category(incident.category)}</b>
          <span class="dim">
            {incident.number}
            {incident.alarm && incident.alarm > 1 && ` · ${say("plan.alarm_short", { n: incident.alarm })}`} ·{" "}
            {incident.address || titleOf(incident.area?.name)}
          </span>
        </span>
        <span class="side">
          {incident.clock ? <ClockSign clock={incident.clock} /> : <Age at={incident.opened_at} />}
          <span class={`state ${incident.state}`}>{sayOf("incident.state", incident.state)}</span>
          {incident.units ? <span class="dim">{say("incident.units", { n: incident.units })}</span> : null}
          {incident.silent ? <SilentSign /> : null}
          <UnansweredSign until={incident.answer_by} />
        </span>
      </button>
    </li>
  );
}

/** The list. */
export function IncidentList() {
  const { desk } = useHouse();
  const incidents = desk.open_incidents.value;
  if (incidents.length === 0)
    return (
      <div class="empty">
        <b>{say("incidents.empty")}</b>
      </div>
    );
  return (
    <ul class="rows">
      {incidents.map((incident) => (
        <Row key={incident.id} incident={incident} />
      ))}
    </ul>
  );
}
