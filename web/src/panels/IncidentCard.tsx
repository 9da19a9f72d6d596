/** One incident in full: what, where, who; who should go; who goes; what happened near it; how it went. */
import { useSignal } from "@preact/signals";
import type { Incident, QyranEvent } from "../api/types";
import { clock, date, moment } from "../words/formats";
import { say, sayOf, titleOf } from "../words/words";
import { CallerLine } from "./Caller";
import { Command, commands } from "./Command";
import { Dispatches } from "./Dispatches";
import { HistoryNearby } from "./HistoryNearby";
import { useHouse } from "./house";
import { ProposalList } from "./ProposalList";
import { Age, Badge, Section, Shot, said, useCategoryTitle, useKindTitle } from "./parts";
import { Timeline } from "./Timeline";

function Head({ incident }: { incident: Incident }) {
  const { desk } = useHouse();
  const category = useCategoryTitle();
  return (
    <header class="head">
      <Badge priority={incident.priority} size={34} />
      <div>
        <h2>{category(incident.category)}</h2>
        <p class="dim">
          {incident.number} · <span class={`state ${incident.state}`}>{sayOf("incident.state", incident.state)}</span>
        </p>
      </div>
      <button type="button" class="quiet" aria-label={say("close_panel")} title="Esc" onClick={() => desk.closeCard()}>
        ✕
      </button>
    </header>
  );
}

function Facts({ incident }: { incident: Incident }) {
  const { desk, now } = useHouse();
  const { place, caller } = incident;
  return (
    <dl class="facts">
      <dt>{say("incident.what")}</dt>
      <dd>{incident.description || <span class="dim">{say("incident.no_description")}</span>}</dd>
      <dt>{say("incident.where")}</dt>
      <dd>
        {incident.address && (
          <>
            {incident.address}
            <br />
          </>
        )}
        <span class="dim">{titleOf(incident.area?.name)} · </span>
        <button type="button" class="link" title={say("show_on_map")} onClick={() => desk.flyTo(place, 16)}>
          {place.lat.toFixed(5)}, {place.lon.toFixed(5)}
        </button>
      </dd>
      <dt>{say("incident.who")}</dt>
      <dd>
        {caller && <CallerLine incident={incident} masked={caller} />}
        <span class="dim" title={`${date(incident.opened_at)}, ${clock(incident.opened_at, true)}`}>
          {say("incident.opened", { at: moment(incident.opened_at, now.value), who: incident.opened_by })} ·{" "}
          <Age at={incident.opened_at} />
        </span>
      </dd>
    </dl>
  );
}

function EventLine({ event }: { event: QyranEvent }) {
  const kind = useKindTitle();
  return (
    <li>
      {event.picture && <Shot picture={event.picture} label={say("event.picture", { kind: kind(event.kind) })} close />}
      <span>
        <b>{kind(event.kind)}</b>
        <span class="dim">
          {event.camera ? titleOf(event.camera.name) : (said(event) ?? titleOf(event.area?.name))}
        </span>
        <Age at={event.at} />
      </span>
    </li>
  );
}

function Closing() {
  const { desk, operations } = useHouse();
  const sure = useSignal(false);
  if (!sure.value)
    return (
      <button type="button" class="quiet wide" onClick={() => (sure.value = true)}>
        {say("incident.close")}
      </button>
    );
  return (
    <div class="sure" role="group" aria-label={say("incident.close_sure")}>
      <span>{say("incident.close_sure")}</span>
      <button type="button" class="danger" disabled={desk.busy.value} onClick={() => void operations.closeIncident()}>
        {say("incident.close")}
      </button>
      <button type="button" class="quiet" onClick={() => (sure.value = false)}>
        {say("cancel")}
      </button>
    </div>
  );
}

/** The card; nothing where no incident is open. */
export function IncidentCard() {
  const { desk } = useHouse();
  const incident = desk.opened.value;
  if (desk.opened_id.value === null) return null;
  if (!incident)
    return (
      <aside class="card" aria-label={say("incident.title")} aria-busy="true">
        <p class="empty">{say("loading")}</p>
      </aside>
    );
  const live = !["closed", "cancelled"].includes(incident.state);
  const may = desk.may;
  const session = desk.session.value;
  const waits = !!session && commands(incident, session).waits; // what a level above would refuse is not offered
  return (
    <aside class="card" aria-label={`${say("incident.title")} ${incident.number}`}>
      <Head incident={incident} />
      <div class="scroll" tabIndex={0} role="group" aria-label={incident.number}>
        <Facts incident={incident} />
        <Command incident={incident} live={live} />
        {incident.dispatches.length > 0 && (
          <Dispatches dispatches={incident.dispatches} may={may("dispatches.advance") && live} />
        )}
        {live && <ProposalList may={may("incidents.dispatch") && !waits} />}
        {incident.events.length > 0 && (
          <Section
            id="card-events"
            title={say("incident.events")}
            aside={<span class="count">{incident.events.length}</span>}
          >
            <ul class="pictures">
              {incident.events.map((event) => (
                <EventLine key={event.id} event={event} />
              ))}
            </ul>
          </Section>
        )}
        <HistoryNearby incident={incident} />
        <Timeline incident={incident} may={may("incidents.note") && live} />
        {may("incidents.close") && live && !waits && <Closing />}
      </div>
    </aside>
  );
}
