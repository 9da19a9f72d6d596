/** Crews and vehicles: who, doing what, seen how long ago. */
import type { Unit } from "../api/types";
import { STALE_S } from "../live/fleet";
import { ago, span } from "../words/formats";
import { say, titleOf } from "../words/words";
import { useHouse } from "./house";
import { ServiceSign, useServiceTitle, useStatusTitle } from "./parts";
import { dragFrom } from "./sending/dragging";
import { UnitState } from "./units/Signs";
import { StatusProposals } from "./units/StatusProposals";
import { UnitDetail } from "./units/UnitDetail";

const MOST_ROWS = 300; // a list longer than this is not read, it is searched

/** The age of a unit's newest fix in seconds: from the live frames, or as the list was read. */
function useFixAge(unit: Unit): number | null {
  const { fleet, now } = useHouse();
  const fix = fleet.fix(unit.id);
  if (fix) return now.value / 1000 - fix.at_s;
  return unit.at ? (now.value - new Date(unit.at).getTime()) / 1000 : null;
}

/** How old a position is; a stale one says so. */
export function FixAge({ unit }: { unit: Unit }) {
  const age_s = useFixAge(unit);
  if (age_s === null) return <span class="stale">{say("units.never")}</span>;
  if (age_s > STALE_S) return <span class="stale">{say("units.stale", { age: span(age_s) })}</span>;
  return <span class="dim">{ago(age_s)}</span>;
}

function Row({ unit }: { unit: Unit }) {
  const { desk, sending } = useHouse();
  const service = useServiceTitle();
  const on = desk.selected.value?.kind === "unit" && desk.selected.value.id === unit.id;
  const drag = dragFrom(sending, desk.may("incidents.dispatch") ? unit : null);
  return (
    <li class={on ? "on" : ""} {...(on ? {} : drag)}>
      <button
        type="button"
        class="row unit"
        data-row={`unit-${unit.id}`}
        aria-current={on}
        {...(on ? drag : {})}
        onClick={() => desk.select({ kind: "unit", id: unit.id })}
      >
        <ServiceSign service={unit.service} status={unit.status} />
        <span class="what">
          <b>{unit.call_sign}</b>
          <span class="dim">
            {unit.dispatch ? unit.dispatch.incident_number : titleOf(unit.label) || service(unit.service)}
          </span>
        </span>
        <span class="side">
          <UnitState unit={unit} />
          <FixAge unit={unit} />
        </span>
      </button>
      {on && <UnitDetail unit={unit} />}
    </li>
  );
}

function Filter() {
  const { desk } = useHouse();
  const [serviceTitle, statusTitle] = [useServiceTitle(), useStatusTitle()];
  const filter = desk.filter.value;
  const all = [...desk.units.value.values()];
  const set = (part: Partial<typeof filter>) => (desk.filter.value = { ...filter, ...part });
  return (
    <div class="filter" role="group" aria-label={say("units.filter")}>
      <div class="services">
        {Object.keys(desk.document.value?.services ?? {}).map((service) => (
          <button
            type="button"
            key={service}
            aria-pressed={filter.service === service}
            title={serviceTitle(service)}
            onClick={() => set({ service: filter.service === service ? null : service })}
          >
            <ServiceSign service={service} /> {all.filter((unit) => unit.service === service).length}
          </button>
        ))}
      </div>
      <div class="line">
        <input
          type="search"
          aria-label={say("units.search")}
          placeholder={say("units.search")}
          value={filter.text}
          onInput={(e) => set({ text: e.currentTarget.value })}
        />
        <select
          aria-label={say("units.any_status")}
          value={filter.status ?? ""}
          onChange={(e) => set({ status: e.currentTarget.value || null })}
        >
          <option value="">{say("units.any_status")}</option>
          {[...new Set(all.map((unit) => unit.status))].sort().map((status) => (
            <option key={status} value={status}>
              {statusTitle(status)}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

/** The list with its filter. */
export function UnitList() {
  const { desk, crews } = useHouse();
  const units = desk.shown_units.value;
  return (
    <>
      <Filter />
      {desk.may("statuses.decide") && <StatusProposals proposals={crews.proposed.value} named />}
      {units.length === 0 && (
        <div class="empty">
          <b>{say("units.empty")}</b>
        </div>
      )}
      <ul class="rows">
        {units.slice(0, MOST_ROWS).map((unit) => (
          <Row key={unit.id} unit={unit} />
        ))}
      </ul>
      {units.length > MOST_ROWS && <p class="more dim">{say("units.more", { n: units.length - MOST_ROWS })}</p>}
    </>
  );
}
