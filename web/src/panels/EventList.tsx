/** New events: each a picture, a kind, a place and what is proposed. */
import type { QyranEvent } from "../api/types";
import { urgency } from "../desk/queue";
import { distance, span } from "../words/formats";
import { say, titleOf } from "../words/words";
import { EventDecision } from "./EventDecision";
import { useHouse } from "./house";
import { groundsOf } from "./PlateHit";
import { Age, Badge, Shot, said, useCategoryTitle, useKindTitle } from "./parts";

/** The proposal in one line. */
export function ProposalLine({ event }: { event: QyranEvent }) {
  const category = useCategoryTitle();
  const proposal = event.proposal;
  if (!proposal) return null;
  if (proposal.action === "open") return <>{say("proposal.open", { category: category(proposal.category) })}</>;
  const { incident, distance_m, age_s } = proposal;
  return <>{say("proposal.join", { number: incident.number, distance: distance(distance_m), age: span(age_s) })}</>;
}

/** From where it came: the camera or the caller's address, and the area. */
export function whereOf(event: QyranEvent): string {
  const { address } = event.details as { address?: string };
  const spot = event.camera ? titleOf(event.camera.name) : address;
  return [spot, event.area && titleOf(event.area.name)].filter(Boolean).join(" · ");
}

function Row({ event }: { event: QyranEvent }) {
  const { desk } = useHouse();
  const kind = useKindTitle();
  const chosen = desk.selected.value;
  const on = chosen?.kind === "event" && chosen.id === event.id;
  const label = say("event.picture", { kind: kind(event.kind) });
  return (
    <li class={on ? "on" : ""}>
      <button
        type="button"
        class="row event"
        data-row={`event-${event.id}`}
        aria-current={on}
        onClick={() => desk.select({ kind: "event", id: event.id })}
      >
        <span class={`thumb ${event.picture ? "" : "none"}`}>
          {event.picture ? <Shot picture={event.picture} label={label} close /> : <span class="blank">—</span>}
        </span>
        <span class="what">
          <b>
            {kind(event.kind)} {event.kind === "plate_hit" && groundsOf(event).plate}
          </b>
          <span class="dim">{whereOf(event)}</span>
          {said(event) && <span class="said">«{said(event)}»</span>}
          <span class="proposal">
            <ProposalLine event={event} />
          </span>
        </span>
        <span class="side">
          {urgency(event) < 5 && <Badge priority={urgency(event)} size={24} />}
          <Age at={event.at} />
        </span>
      </button>
      {on && <EventDecision event={event} />}
    </li>
  );
}

/** The list. */
export function EventList() {
  const { desk } = useHouse();
  const events = desk.queue.value;
  if (events.length === 0) {
    return (
      <div class="empty">
        <b>{say("queue.empty")}</b>
        <p>{say("queue.empty_hint")}</p>
      </div>
    );
  }
  return (
    <ul class="rows">
      {events.map((event) => (
        <Row key={event.id} event={event} />
      ))}
    </ul>
  );
}
