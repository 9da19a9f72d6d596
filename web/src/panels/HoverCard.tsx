/** What the pointer is over, in three lines; everything in it also stands in a list. */
import { type Hovered, hovered } from "../map/pointer";
import { moment } from "../words/formats";
import { say, sayOf, titleOf } from "../words/words";
import { useHouse } from "./house";
import { Age, Badge, ServiceSign, Shot, useCategoryTitle, useKindTitle, useServiceTitle } from "./parts";
import { FixAge } from "./UnitList";
import { UnitState } from "./units/Signs";

function UnitCard({ id }: { id: number }) {
  const { desk, fleet } = useHouse();
  const service = useServiceTitle();
  const unit = desk.units.value.get(id);
  if (!unit) return null;
  const fix = fleet.fix(id);
  return (
    <>
      <b>
        <ServiceSign service={unit.service} status={unit.status} /> {unit.call_sign}
      </b>
      <span>
        <UnitState unit={unit} /> {unit.dispatch?.incident_number}
      </span>
      <span class="dim">
        {service(unit.service)}
        {fix && ` · ${say("unit.speed", { n: Math.round(fix.speed_kmh) })}`} · <FixAge unit={unit} />
      </span>
    </>
  );
}

function EventCard({ id }: { id: number }) {
  const { desk } = useHouse();
  const kind = useKindTitle();
  const event = desk.events.value.get(id);
  if (!event) return null;
  return (
    <>
      {event.picture && <Shot picture={event.picture} label={say("event.picture", { kind: kind(event.kind) })} close />}
      <b>{kind(event.kind)}</b>
      <span class="dim">
        {event.camera ? titleOf(event.camera.name) : titleOf(event.area?.name)} · <Age at={event.at} />
      </span>
    </>
  );
}

function IncidentBriefCard({ id }: { id: number }) {
  const { desk } = useHouse();
  const category = useCategoryTitle();
  const incident = desk.incidents.value.get(id);
  if (!incident) return null;
  return (
    <>
      <b>
        <Badge priority={incident.priority} size={20} /> {category(incident.category)}
      </b>
      <span>
        {incident.number} · {sayOf("incident.state", incident.state)}
      </span>
      <span class="dim">
        {incident.address} <Age at={incident.opened_at} />
      </span>
    </>
  );
}

function ClosureCard({ id }: { id: number }) {
  const { closing, now } = useHouse();
  const closure = closing.list.value.find((one) => one.id === id);
  if (!closure) return null;
  const until = closure.ends_at ? moment(closure.ends_at, now.value) : say("closure.until_opened");
  return (
    <>
      <b>{closure.reason}</b>
      <span class="dim">
        {sayOf("closure.state", closure.state)} · {moment(closure.begins_at, now.value)} – {until}
      </span>
    </>
  );
}

/** A layer the windows know nothing of: its title and the name of the thing. */
function AnyCard({ over }: { over: Hovered }) {
  const { desk } = useHouse();
  const layer = desk.document.value?.layers.find((one) => one.name === over.layer);
  const { name_kk, name_ru, name_en, name, code } = over.properties as Record<string, string | undefined>;
  const title = titleOf({ kk: name_kk ?? "", ru: name_ru ?? "", en: name_en ?? "" }) || name || code;
  return (
    <>
      <b>{title || titleOf(layer?.title)}</b>
      {title && (
        <span class="dim">
          {titleOf(layer?.title)}
          {code && ` · ${code}`}
        </span>
      )}
    </>
  );
}

const CARDS = { units: UnitCard, events: EventCard, incidents: IncidentBriefCard, closures: ClosureCard } as const;

/** The card beside the pointer. */
export function HoverCard() {
  const over = hovered.value;
  if (!over) return null;
  const Known = CARDS[over.layer as keyof typeof CARDS];
  return (
    <div class="hover" style={{ transform: `translate(${over.x + 16}px, ${over.y + 16}px)` }} aria-hidden="true">
      {Known ? <Known id={over.id} /> : <AnyCard over={over} />}
    </div>
  );
}
