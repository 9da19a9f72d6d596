/** Who is on when: the shifts of every unit of the area in a day or a week, and when nobody of a service is. */
import { useSignal } from "@preact/signals";
import type { RosterAnswer, RosterUnit } from "../../api/roster";
import { clock, date } from "../../words/formats";
import { say } from "../../words/words";
import { Alert } from "../Alert";
import { useHouse } from "../house";
import { useAnswer } from "../page/asked";
import { Page } from "../page/Page";
import { useServiceTitle, useStatusTitle } from "../parts";
import { barOf, type Days, daysOf, inOrder, type Length, marksOf, servicesOf } from "./roster";

const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
const iso = (ms: number) => new Date(ms).toISOString();
const span = (from: string, to: string) => `${date(from)}, ${clock(from)} – ${date(to)}, ${clock(to)}`;

function Bars({ unit, days }: { unit: RosterUnit; days: Days }) {
  return (
    <div class="bars" aria-hidden="true">
      {unit.shifts.map((shift) => {
        const { from, size } = barOf(days, shift.begins_at, shift.ends_at);
        const title = span(shift.begins_at, shift.ends_at);
        return <span key={shift.id} title={title} style={{ left: percent(from), width: percent(size) }} />;
      })}
    </div>
  );
}

function Row({ unit, days }: { unit: RosterUnit; days: Days }) {
  const [service, status] = [useServiceTitle(), useStatusTitle()];
  return (
    <tr class={unit.shifts.length === 0 ? "over" : ""}>
      <th scope="row">
        {unit.call_sign} <span class="dim">{service(unit.service)}</span>
      </th>
      <td>{status(unit.duty)}</td>
      <td class="when">
        <Bars unit={unit} days={days} />
      </td>
      <td>
        {unit.shifts.length === 0 && <span class="dim">{say("unit.no_shifts")}</span>}
        {unit.shifts.map((shift) => (
          <div key={shift.id}>
            {span(shift.begins_at, shift.ends_at)}{" "}
            <span class="dim">{shift.crew.map((one) => one.name).join(", ")}</span>
          </div>
        ))}
      </td>
    </tr>
  );
}

function Marks({ length, days }: { length: Length; days: Days }) {
  return (
    <div class="bars marks" aria-hidden="true">
      {marksOf(length, days).map((mark, i, all) => (
        <span key={mark} style={{ left: percent(i / all.length), width: percent(1 / all.length) }}>
          {length === "day" ? clock(iso(mark)) : date(iso(mark))}
        </span>
      ))}
    </div>
  );
}

function Gaps({ found, service }: { found: RosterAnswer; service: string }) {
  const title = useServiceTitle();
  const gaps = found.gaps.filter((gap) => !service || gap.service === service);
  if (gaps.length === 0) return <p class="dim">{say("roster.no_gaps")}</p>;
  return (
    <details>
      <summary class="warn">{say("roster.gaps", { n: gaps.length })}</summary>
      <ul class="lines">
        {gaps.map((gap) => (
          <li key={`${gap.service} ${gap.since}`}>
            <span class="what">
              {title(gap.service)} <span class="dim">{span(gap.since, gap.until)}</span>
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Table({ units, length, days }: { units: readonly RosterUnit[]; length: Length; days: Days }) {
  return (
    <table class="roster">
      <thead>
        <tr>
          <th scope="col">{say("roster.unit")}</th>
          <th scope="col">{say("roster.duty")}</th>
          <td>
            <Marks length={length} days={days} />
          </td>
          <th scope="col">{say("unit.shifts")}</th>
        </tr>
      </thead>
      <tbody>
        {units.map((unit) => (
          <Row key={unit.id} unit={unit} days={days} />
        ))}
      </tbody>
    </table>
  );
}

/** The page. */
export function RosterPage() {
  const { client, desk, now } = useHouse();
  const title = useServiceTitle();
  const [length, later, service] = [useSignal<Length>("day"), useSignal(0), useSignal("")];
  const days = daysOf(length.value, now.peek(), later.value);
  const entered = desk.session.value?.entered.id;
  const { found, wrong } = useAnswer(
    () => client.roster(iso(days.since_ms), iso(days.until_ms)),
    [days.since_ms, days.until_ms, entered],
  );
  const services = servicesOf(found?.units ?? [], service.value);
  const step = (by: number) => () => (later.value += by);
  return (
    <Page page="roster" title={say("page.roster")}>
      <form class="sieve" aria-label={say("roster.choose")} onSubmit={(submitted) => submitted.preventDefault()}>
        <label class="field">
          {say("roster.length")}
          <select
            value={length.value}
            onChange={(chosen) => {
              length.value = chosen.currentTarget.value as Length;
              later.value = 0;
            }}
          >
            {(["day", "week"] as const).map((one) => (
              <option key={one} value={one}>
                {say(`roster.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          {say("enrol.service")}
          <select value={service.value} onChange={(chosen) => (service.value = chosen.currentTarget.value)}>
            <option value="">{say("roster.every")}</option>
            {services.map((one) => (
              <option key={one} value={one}>
                {title(one)}
              </option>
            ))}
          </select>
        </label>
        <button type="button" aria-label={say("roster.earlier")} onClick={step(-1)}>
          ←
        </button>
        <output>
          {date(iso(days.since_ms))}
          {length.value === "week" && ` – ${date(iso(days.until_ms - 1))}`}
        </output>
        <button type="button" aria-label={say("roster.later")} onClick={step(1)}>
          →
        </button>
      </form>
      <Alert>{wrong.value}</Alert>
      {found && <Gaps found={found} service={service.value} />}
      <div class="scrolls" tabIndex={0} role="group" aria-label={say("page.roster")} aria-busy={!found && !wrong.value}>
        {found && found.units.length > 0 && (
          <Table units={inOrder(found.units, service.value)} length={length.value} days={days} />
        )}
        {found?.units.length === 0 && <p class="empty">{say("enrol.none")}</p>}
      </div>
    </Page>
  );
}
