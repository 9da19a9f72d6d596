/** What happened before: near here with dots on the map, at this address, by this phone, along this road, and visits. */
import { useSignal } from "@preact/signals";
import type { Past, PastKind, Reach } from "../api/past";
import type { History, Incident } from "../api/types";
import { isEmpty } from "../desk/past";
import { date, distance } from "../words/formats";
import { say, sayOf } from "../words/words";
import { Fold } from "./card/Fold";
import { Counts, PastByKind } from "./card/PastByKind";
import { Sliders } from "./card/Sliders";
import { useHouse } from "./house";
import { useAsked } from "./page/asked";
import { Badge, useCategoryTitle, useKindTitle } from "./parts";

const SHOWN = 12;

function Categories({ past }: { past: History }) {
  const category = useCategoryTitle();
  const most = Math.max(1, ...past.by_category.map((row) => row.count));
  return (
    <ul class="bars">
      {past.by_category.slice(0, 4).map((row) => (
        <li key={row.category}>
          <span>{category(row.category)}</span>
          <meter min={0} max={most} value={row.count} aria-label={category(row.category)} />
          <b>{row.count}</b>
        </li>
      ))}
    </ul>
  );
}

function Nearest({ past, self }: { past: History; self: number }) {
  const { desk } = useHouse();
  const [category, kind] = [useCategoryTitle(), useKindTitle()];
  const incidents = past.incidents.filter((old) => old.id !== self);
  const lines = [
    ...incidents.map((old) => ({
      key: `i${old.id}`,
      title: category(old.category),
      at: old.opened_at,
      ...old,
    })),
    ...past.events.map((old) => ({ key: `e${old.id}`, title: kind(old.kind), priority: null, number: null, ...old })),
  ].sort((a, b) => a.distance_m - b.distance_m);
  return (
    <ul class="past">
      {lines.slice(0, SHOWN).map((line) => (
        <li key={line.key}>
          {line.priority === null ? (
            <i class="spot" aria-hidden="true" />
          ) : (
            <Badge priority={line.priority} size={18} />
          )}
          <button type="button" class="link" title={say("show_on_map")} onClick={() => desk.flyTo(line.place, 16)}>
            {line.title}
          </button>
          <span class="dim">{date(line.at)}</span>
          <span class="dim">{distance(line.distance_m)}</span>
        </li>
      ))}
    </ul>
  );
}

const KINDS: readonly PastKind[] = ["place", "address", "phone", "road", "visits"];

function Kinds({ chosen, choose, phone }: { chosen: PastKind; choose: (kind: PastKind) => void; phone: boolean }) {
  return (
    <fieldset class="picks kinds">
      <legend class="unseen">{say("history.title")}</legend>
      {KINDS.filter((kind) => phone || kind !== "phone").map((kind) => (
        <button type="button" key={kind} aria-pressed={chosen === kind} onClick={() => choose(kind)}>
          {sayOf("past.kind", kind)}
        </button>
      ))}
    </fieldset>
  );
}

function Near({ incident, counts }: { incident: Incident; counts: Past | null }) {
  const past = useHouse().desk.past.value;
  return (
    <>
      {past && <Categories past={past} />}
      {counts && <Counts past={counts} />}
      {past && <Nearest past={past} self={incident.id} />}
    </>
  );
}

/** Asked while it stands open, and again when a slider rests. */
function Inside({ incident, kind }: { incident: Incident; kind: PastKind }) {
  const { client, desk } = useHouse();
  const said = desk.reach.value[kind];
  const { value, wrong } = useAsked(() => client.pastOf(incident.id, kind, said), [kind, said]);
  const past = value.value?.what === kind ? value.value : null;
  function set(moved: Reach): void {
    desk.reach.value = { ...desk.reach.value, [kind]: { ...said, ...moved } };
    if (kind === "place") desk.refreshPast();
  }
  return (
    <>
      {past && <Sliders radius_m={past.radius_m} days={past.days} said={said} set={set} />}
      <p class="wrong" role="alert" hidden={!wrong.value}>
        {wrong.value}
      </p>
      {kind === "place" ? <Near incident={incident} counts={past} /> : past && <PastByKind past={past} />}
    </>
  );
}

/** The part of the card. */
export function HistoryNearby({ incident }: { incident: Incident }) {
  const { desk } = useHouse();
  const kind = useSignal<PastKind>("place");
  const past = desk.past.value;
  const phone = !!incident.caller?.phone && desk.may("incidents.past_phone");
  const count = past && (
    <span class="dim">{isEmpty(past) ? say("history.none") : say("history.total", { n: past.total })}</span>
  );
  return (
    <Fold id="card-history" title={say("history.title")} aside={count}>
      <Kinds chosen={kind.value} choose={(chosen) => (kind.value = chosen)} phone={phone} />
      <Inside key={incident.id} incident={incident} kind={kind.value} />
    </Fold>
  );
}
