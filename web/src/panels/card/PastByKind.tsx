/** What happened before at this address, by this phone, along this road, and where crews went. */
import type { Past, PastKind, PastRow } from "../../api/past";
import type { CallCount } from "../../api/types";
import { clock, date, distance } from "../../words/formats";
import { say } from "../../words/words";
import { useHouse } from "../house";
import { Badge, useCategoryTitle, useServiceTitle } from "../parts";

/** How many of them were told twice, or were nothing. */
export function Counts({ past }: { past: Pick<Past, "duplicates" | "false_alarms"> }) {
  if (past.duplicates + past.false_alarms === 0) return null;
  return (
    <p class="dim">
      {say("past.duplicates", { n: past.duplicates })} · {say("past.false_alarms", { n: past.false_alarms })}
    </p>
  );
}

/** Of a phone: how many of its calls came to no incident, and why. */
export function CallsAlone({ calls }: { calls: readonly CallCount[] }) {
  if (calls.length === 0) return null;
  const counts = calls.map(({ outcome, count }) => `${say(`call.outcome.${outcome}`)} ${count}`).join(" · ");
  return <p class="dim">{say("past.calls", { counts })}</p>;
}

function Visits({ row }: { row: PastRow }) {
  const service = useServiceTitle();
  return (
    <>
      {row.visits.map((visit) => (
        <span class="dim visit" key={`${visit.call_sign} ${visit.arrived_at}`}>
          {service(visit.service)} · {visit.call_sign}
          {visit.arrived_at && ` · ${clock(visit.arrived_at)}`}
          {visit.left_at && `–${clock(visit.left_at)}`}
        </span>
      ))}
    </>
  );
}

function Row({ row }: { row: PastRow }) {
  const { desk } = useHouse();
  const category = useCategoryTitle();
  return (
    <li>
      <Badge priority={row.priority} size={18} />
      <span class="what">
        <button type="button" class="link" title={say("show_on_map")} onClick={() => desk.flyTo(row.place, 16)}>
          {category(row.category)}
        </button>
        {row.duplicate && <span class="tag">{say("past.duplicate")}</span>}
        {row.false_alarm && <span class="tag">{say("past.false_alarm")}</span>}
        <Visits row={row} />
      </span>
      <span class="dim">{date(row.opened_at)}</span>
      <span class="dim">{distance(row.distance_m)}</span>
    </li>
  );
}

const NOTHING: Record<PastKind, Parameters<typeof say>[0]> = {
  place: "history.none",
  address: "past.none_address",
  phone: "caller.no_history",
  road: "past.none_road",
  visits: "past.none_visits",
};

/** The rows of one kind. */
export function PastByKind({ past }: { past: Past }) {
  return (
    <>
      {past.street && <p class="dim">{past.street}</p>}
      <Counts past={past} />
      <CallsAlone calls={past.calls} />
      {past.rows.length === 0 && <p class="dim">{say(NOTHING[past.what])}</p>}
      <ul class="past">
        {past.rows.slice(0, 20).map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
    </>
  );
}
