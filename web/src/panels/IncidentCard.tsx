/** One incident in full: what, where, who; the plan and who goes; who knows; what happened here before; how it went. */
import { useSignal } from "@preact/signals";
import type { Plan } from "../api/plans";
import type { Incident, QyranEvent } from "../api/types";
import { hasEnded } from "../desk/next_act";
import { aroundOf } from "../desk/queue";
import { clock, date, moment } from "../words/formats";
import { say, sayOf, titleOf } from "../words/words";
import { CallerLine } from "./Caller";
import { Command, commands } from "./Command";
import { Acts, type Asking } from "./card/Acts";
import { Answered } from "./card/Answers";
import { Asked } from "./card/Asked";
import { CamerasPart } from "./card/CamerasPart";
import { Fold } from "./card/Fold";
import { Calls, Lineage, Same } from "./card/Lineage";
import { NoticesPart } from "./card/NoticesPart";
import { NotRead } from "./card/NotRead";
import { Checklist, PlanPart } from "./card/PlanPart";
import { PlanQuestions } from "./card/PlanQuestions";
import { Hazards, Premises } from "./card/Premises";
import { RecordMenu } from "./card/RecordMenu";
import { Clocks } from "./clocks/Clock";
import { Dispatches } from "./Dispatches";
import { HistoryNearby } from "./HistoryNearby";
import { useHouse } from "./house";
import { ProposalList } from "./ProposalList";
import { useAsked } from "./page/asked";
import { Age, Badge, Shot, said, useCategoryTitle, useKindTitle } from "./parts";
import { Timeline } from "./Timeline";

function Head({ incident, plan }: { incident: Incident; plan: Plan | null }) {
  const { desk } = useHouse();
  const category = useCategoryTitle();
  const regime = plan && plan.regime !== "everyday" ? desk.document.value?.regimes[plan.regime] : null;
  return (
    <header class="head">
      <Badge priority={incident.priority} size={34} />
      <div>
        <h2>{category(incident.category)}</h2>
        <p class="dim">
          {incident.number} · <span class={`state ${incident.state}`}>{sayOf("incident.state", incident.state)}</span>
          {plan && plan.alarm > 1 && <span class="tag alarm">{say("plan.alarm_short", { n: plan.alarm })}</span>}
          {plan?.urgency && <span class="tag">{say("plan.urgency_short", { urgency: plan.urgency })}</span>}
          {regime && <span class={`tag regime ${plan?.regime}`}>{titleOf(regime.title)}</span>}
        </p>
      </div>
      {desk.may("incidents.record") && <RecordMenu incident={incident} />}
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
      <Answered incident={incident} />
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

function Events({ events }: { events: QyranEvent[] }) {
  if (events.length === 0) return null;
  return (
    <Fold id="card-events" title={say("incident.events")} aside={<span class="count">{events.length}</span>}>
      <ul class="pictures">
        {events.map((event) => (
          <EventLine key={event.id} event={event} />
        ))}
      </ul>
    </Fold>
  );
}

/** What the card asks for beside the incident itself, again when the incident went on. */
function useBeside(incident: Incident, live: boolean) {
  const { client, desk } = useHouse();
  const { id, timeline, calls, place, category, state } = incident;
  const answers = JSON.stringify(calls?.map((call) => call.answers)); // no line of the timeline tells of them
  const plan = useAsked(() => client.plan(id), [id, timeline.length, answers]);
  const seek = live && desk.may("incidents.likenesses");
  const alike = useAsked(
    async () => (seek ? (await client.likenesses(id)).likenesses : []),
    [id, place.lon, place.lat, category, state, seek ? aroundOf(desk.open_incidents.value, incident) : ""],
  );
  const said = desk.reach.value.premises;
  const premises = useAsked(
    async () => (desk.may("incidents.premises") ? client.premises(id, said) : null),
    [id, place.lon, place.lat, said],
  );
  return { plan, alike, premises };
}

function Body({ incident }: { incident: Incident }) {
  const { desk } = useHouse();
  const [asking, into] = [useSignal<Asking | null>(null), useSignal<number | undefined>(undefined)];
  const live = !hasEnded(incident);
  const { plan, alike, premises } = useBeside(incident, live);
  const may = desk.may;
  const session = desk.session.value;
  const waits = !!session && commands(incident, session).waits; // what a level above would refuse is not offered
  const acts = live && !waits;
  const likenesses = alike.value.value ?? [];
  function ask(what: Asking | null, other?: number): void {
    into.value = other;
    asking.value = what;
  }
  const merge = acts && may("incidents.merge") ? (id: number) => ask("merge", id) : null;
  const known = premises.value.value;
  const planned = plan.value.value;
  return (
    <aside class="card" aria-label={`${say("incident.title")} ${incident.number}`}>
      <Head incident={incident} plan={planned} />
      <div class="scroll" tabIndex={0} role="group" aria-label={incident.number}>
        <NotRead what={say("plan.title")} asked={plan} />
        <NotRead what={say("premises.title")} asked={premises} />
        <Hazards notes={known?.notes ?? []} />
        <Facts incident={incident} />
        <Clocks clocks={incident.clocks} />
        <Command incident={incident} live={live} />
        <Same likenesses={likenesses} merge={merge} />
        {incident.dispatches.length > 0 && (
          <Dispatches dispatches={incident.dispatches} may={may("dispatches.advance") && live} />
        )}
        {live && <ProposalList may={may("incidents.dispatch") && !waits} />}
        {planned && <PlanPart plan={planned} may={acts && may("incidents.alarm")} ask={ask} />}
        {planned && <Checklist plan={planned} may={acts && may("incidents.checklist")} />}
        {planned && <PlanQuestions plan={planned} may={acts && may("incidents.answer")} />}
        {planned && <CamerasPart incident={incident} plan={planned} />}
        <Events events={incident.events} />
        <Calls incident={incident} />
        {may("notices.list") && <NoticesPart incident={incident} plan={planned} />}
        {may("incidents.premises") && (
          <Premises incident={incident} known={known} again={() => void premises.again()} />
        )}
        <HistoryNearby incident={incident} />
        <Lineage incident={incident} may={acts && may("incidents.link")} />
        <Timeline incident={incident} may={may("incidents.note") && live} />
      </div>
      <Acts incident={incident} waits={waits} ask={ask} />
      <Asked
        asking={asking.value}
        ask={ask}
        incident={incident}
        plan={planned}
        likenesses={likenesses}
        into={into.value}
      />
    </aside>
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
  return <Body key={incident.id} incident={incident} />;
}
