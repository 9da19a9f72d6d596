/** How well the clocks were met: half of all, nine of ten, against the target; by area, service or category. */

import { type Signal, useSignal } from "@preact/signals";
import type { FigureRow, FiguresBy, FiguresOf } from "../../api/clocks";
import type { Service } from "../../api/types";
import { stopwatch } from "../../words/formats";
import { language, say, sayOf } from "../../words/words";
import { Alert } from "../Alert";
import { useHouse } from "../house";
import { useAnswer } from "../page/asked";
import { Page } from "../page/Page";
import { useCategoryTitle, useServiceTitle } from "../parts";
import { byArea, byName, grade, type Line, PERIODS_D } from "./figures";

const BY: readonly FiguresBy[] = ["area", "service", "category"];
const URGENCIES = ["I", "II", "III", "IV"] as const;
const DAY_MS = 86_400_000;
const time = (seconds: number | null) => (seconds === null ? "—" : stopwatch(seconds));

/** What stands beside the count: what still runs over its target, and calls that were given up. */
function Beside({ row }: { row: FigureRow }) {
  const told = [
    row.running > 0 && say("figures.running", { n: row.running }),
    row.abandoned > 0 && say("figures.abandoned", { n: row.abandoned }),
  ].filter(Boolean);
  return told.length > 0 ? <span class="dim"> {told.join(", ")}</span> : null;
}

function Figures({ row }: { row: FigureRow }) {
  const service = useServiceTitle();
  const met = row.share_met;
  return (
    <>
      <td>{[sayOf("clock.name", row.clock), row.service && service(row.service)].filter(Boolean).join(", ")}</td>
      <td class="figure">
        {row.count}
        <Beside row={row} />
      </td>
      <td class="figure">{time(row.p50_s)}</td>
      <td class="figure">{time(row.p90_s)}</td>
      <td class="figure">{row.target_s === null ? say("figures.unlike") : time(row.target_s)}</td>
      <td class={`met grade ${grade(row)}`}>
        {met === null ? (
          "—"
        ) : (
          <span class="line">
            <meter min={0} max={1} value={met} aria-label={say("figures.met")} /> {Math.floor(met * 100)} %{" "}
            <span class="unseen">{sayOf("figures.grade", grade(row))}</span>
          </span>
        )}
      </td>
    </>
  );
}

function Table({ lines }: { lines: readonly Line[] }) {
  return (
    <table class="figures">
      <thead>
        <tr>
          {(["what", "clock", "count", "p50", "p90", "target", "met"] as const).map((column) => (
            <th scope="col" key={column}>
              {say(`figures.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      {lines.map((line) => (
        <tbody key={line.key}>
          {line.rows.map((row, i) => (
            <tr key={`${row.clock} ${row.service}`}>
              {i === 0 && (
                <th scope="rowgroup" rowSpan={line.rows.length} class={`depth-${line.depth}`}>
                  {line.title}
                </th>
              )}
              <Figures row={row} />
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

/** What a row is called where it is not an area. */
function useNames(by: FiguresBy): (row: FigureRow) => [string, string] {
  const [service, category] = [useServiceTitle(), useCategoryTitle()];
  if (by === "service")
    return (row) => (row.service ? [row.service, service(row.service)] : ["", say("figures.no_service")]);
  return (row) => [row.category ?? "", row.category ? category(row.category) : say("figures.no_category")];
}

/** One choice of the filters: everything, or one of these. */
function Choice({
  name,
  of,
  names,
}: {
  name: keyof FiguresOf;
  of: Signal<FiguresOf>;
  names: readonly [string, string][];
}) {
  return (
    <label class="field">
      {say(`figures.only_${name}`)}
      <select value={of.value[name]} onChange={(e) => (of.value = { ...of.value, [name]: e.currentTarget.value })}>
        <option value="">{say("figures.all")}</option>
        {names.map(([key, title]) => (
          <option key={key} value={key}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Which clocks: of one service, one category, one urgency of the ambulance. */
function Filters({ of }: { of: Signal<FiguresOf> }) {
  const { desk } = useHouse();
  const [service, category] = [useServiceTitle(), useCategoryTitle()];
  const known = desk.document.value;
  const byTitle = (keys: string[], title: (key: string) => string) =>
    keys.map((key): [string, string] => [key, title(key)]).sort((a, b) => a[1].localeCompare(b[1], language.value));
  return (
    <>
      <Choice
        name="service"
        of={of}
        names={byTitle(Object.keys(known?.services ?? {}), (key) => service(key as Service))}
      />
      <Choice name="category" of={of} names={byTitle(Object.keys(known?.categories ?? {}), category)} />
      <Choice name="urgency" of={of} names={URGENCIES.map((one) => [one, one])} />
    </>
  );
}

/** The page. */
export function FiguresPage() {
  const { client, desk, now } = useHouse();
  const by = useSignal<FiguresBy>("area");
  const days = useSignal<number>(30);
  const of = useSignal<FiguresOf>({ service: "", category: "", urgency: "" });
  const entered = desk.session.value?.entered.id;
  const { found, wrong } = useAnswer(() => {
    const to_ms = now.peek();
    const from_ms = to_ms - days.value * DAY_MS;
    return client.figures(new Date(from_ms).toISOString(), new Date(to_ms).toISOString(), by.value, of.value);
  }, [by.value, days.value, of.value, entered]);
  const names = useNames(by.value);
  const rows = found?.rows ?? [];
  const lines = by.value === "area" ? byArea(rows, desk.areas(), language.value) : byName(rows, names);
  return (
    <Page page="figures" title={say("page.figures")}>
      <form class="sieve" aria-label={say("figures.choose")} onSubmit={(submitted) => submitted.preventDefault()}>
        <label class="field">
          {say("figures.by")}
          <select value={by.value} onChange={(e) => (by.value = e.currentTarget.value as FiguresBy)}>
            {BY.map((one) => (
              <option key={one} value={one}>
                {say(`figures.by_${one}`)}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          {say("history.days")}
          <select value={days.value} onChange={(e) => (days.value = Number(e.currentTarget.value))}>
            {PERIODS_D.map((one) => (
              <option key={one} value={one}>
                {say("history.days_n", { n: one })}
              </option>
            ))}
          </select>
        </label>
        <Filters of={of} />
      </form>
      <Alert>{wrong.value}</Alert>
      <div
        class="scrolls"
        tabIndex={0}
        role="group"
        aria-label={say("page.figures")}
        aria-busy={!found && !wrong.value}
      >
        {lines.length > 0 && <Table lines={lines} />}
        {found && lines.length === 0 && <p class="empty">{say("figures.none")}</p>}
      </div>
      <p class="dim">{say("figures.how")}</p>
    </Page>
  );
}
