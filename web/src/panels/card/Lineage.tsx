/** Where an incident comes from and what it belongs to: likenesses, ties, where it stood before. */
import type { Likeness } from "../../api/calls";
import type { Link } from "../../api/lifecycle";
import type { Incident } from "../../api/types";
import { clock, date } from "../../words/formats";
import { say, sayOf, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { Likenesses } from "../intake/Likenesses";
import { useCategoryTitle, useServiceTitle } from "../parts";
import { Fold } from "./Fold";

/** Which ties a person made and may take away; the others are the record of what happened. */
const MADE = ["parent", "child", "related"];

function Tie({ link, may }: { link: Link; may: boolean }) {
  const { desk, life } = useHouse();
  const category = useCategoryTitle();
  return (
    <li>
      <span class="dim">{sayOf("life.kind", link.kind)}</span>
      <button type="button" class="link" onClick={() => desk.openIncident(link.other.id)}>
        {link.other.number} · {category(link.other.category)}
      </button>
      <span class="dim">{sayOf("incident.state", link.other.state)}</span>
      {may && MADE.includes(link.kind) && (
        <button
          type="button"
          class="icon"
          aria-label={`${say("life.unlink")} ${link.other.number}`}
          title={say("life.unlink")}
          disabled={desk.busy.value}
          onClick={() => void life.unlink(link.other.id)}
        >
          ✕
        </button>
      )}
    </li>
  );
}

/** What may be the same incident: told above everything, because a second crew may be on its way to the first. */
export function Same({ likenesses, merge }: { likenesses: Likeness[]; merge: ((id: number) => void) | null }) {
  if (likenesses.length === 0) return null;
  return (
    <section class="same" aria-labelledby="card-same">
      <h3 id="card-same">{say("intake.same", { n: likenesses.length })}</h3>
      <Likenesses
        likenesses={likenesses}
        act={say("life.merge_short")}
        take={merge && ((one) => merge(one.incident.id))}
      />
    </section>
  );
}

/** The calls that told of it. */
export function Calls({ incident }: { incident: Incident }) {
  const { intake, desk } = useHouse();
  const calls = incident.calls ?? [];
  if (calls.length === 0) return null;
  return (
    <Fold id="card-calls" title={say("tab.calls")} aside={<span class="count">{calls.length}</span>}>
      <ul class="ties">
        {calls.map((call) => (
          <li key={call.id}>
            <span class={`state ${call.state}`}>{sayOf("call.state", call.state)}</span>
            <button
              type="button"
              class="link"
              disabled={!desk.may("calls.read")}
              onClick={() => intake.show(call.id, false)}
            >
              {clock(call.rang_at, true)} · {call.line}
            </button>
            <span class="dim">{call.answered_by ?? sayOf("intake.placed_by", call.placed_by)}</span>
            {call.said && call.said !== incident.description && <span class="said">{call.said}</span>}
          </li>
        ))}
      </ul>
    </Fold>
  );
}

/** The part of the card; nothing where it stands alone and never moved. */
export function Lineage({ incident, may }: { incident: Incident; may: boolean }) {
  const service = useServiceTitle();
  const { desk } = useHouse();
  const { links = [], places = [], disposition } = incident;
  if (links.length + places.length === 0 && !disposition?.length) return null;
  const coded = desk.document.value?.statuses.dispositions ?? {};
  return (
    <Fold id="card-lineage" title={say("life.title")} aside={<span class="count">{links.length}</span>}>
      <ul class="ties">
        {links.map((link) => (
          <Tie key={`${link.kind} ${link.other.id}`} link={link} may={may} />
        ))}
      </ul>
      {disposition?.map((one) => (
        <p key={one.service}>
          {service(one.service)}: {titleOf(coded[one.code]) || one.code} <span class="dim">{one.note}</span>
        </p>
      ))}
      {places.length > 0 && (
        <ul class="ties" aria-label={say("life.places")}>
          <li class="dim">{say("life.places")}</li>
          {places.map((was) => (
            <li key={was.at}>
              <button type="button" class="link" onClick={() => desk.flyTo(was.place, 16)}>
                {was.address ?? `${was.place.lat.toFixed(5)}, ${was.place.lon.toFixed(5)}`}
              </button>
              <span class="dim" title={was.reason}>
                {date(was.at)}, {clock(was.at)} · {was.who}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Fold>
  );
}
