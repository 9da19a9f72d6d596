/** How well the clocks were met: half of all, nine of ten, against the target; by area, service or category. */

import { useSignal } from "@preact/signals";
import type { FigureRow, FiguresBy } from "../../api/clocks";
import { stopwatch } from "../../words/formats";
import { language, say, sayOf } from "../../words/words";
import { Alert } from "../Alert";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { Page } from "../page/Page";
import { useCategoryTitle, useServiceTitle } from "../parts";
import { byArea, byName, grade, type Line, PERIODS_D } from "./figures";

const BY: readonly FiguresBy[] = ["area", "service", "category"];
const DAY_MS = 86_400_000;
const time = (seconds: number | null) => (seconds === null ? "—" : stopwatch(seconds));

function Figures({ row }: { row: FigureRow }) {
  const met = row.share_met;
  return (
    <>
      <td>{sayOf("clock.name", row.clock)}</td>
      <td class="figure">{row.count}</td>
      <td class="figure">{time(row.p50_s)}</td>
      <td class={`figure grade ${grade(row)}`}>
        {time(row.p90_s)} <span class="unseen">{sayOf("figures.grade", grade(row))}</span>
      </td>
      <td class="figure">{time(row.target_s)}</td>
      <td class="met">
        {met === null ? (
          "—"
        ) : (
          <span class="line">
            <meter min={0} max={1} value={met} aria-label={say("figures.met")} /> {Math.floor(met * 100)} %
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
            <tr key={row.clock}>
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
  return (row) => [row.category ?? "", category(row.category ?? "")];
}

/** The page. */
export function FiguresPage() {
  const { client, desk, now } = useHouse();
  const by = useSignal<FiguresBy>("area");
  const days = useSignal<number>(30);
  const entered = desk.session.value?.entered.id;
  const asked = useAsked(() => {
    const to_ms = now.peek();
    return client
      .figures(new Date(to_ms - days.value * DAY_MS).toISOString(), new Date(to_ms).toISOString(), by.value)
      .then((answer) => ({ ...answer, by: by.peek() }));
  }, [by.value, days.value, entered]);
  const names = useNames(by.value);
  const told = asked.value.value;
  const rows = told?.by === by.value ? told.rows : [];
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
      </form>
      <Alert>{asked.wrong.value}</Alert>
      <div class="scrolls" tabIndex={0} role="group" aria-label={say("page.figures")} aria-busy={!told}>
        {lines.length > 0 && <Table lines={lines} />}
        {told && lines.length === 0 && <p class="empty">{say("figures.none")}</p>}
      </div>
      <p class="dim">{say("figures.how")}</p>
    </Page>
  );
}
