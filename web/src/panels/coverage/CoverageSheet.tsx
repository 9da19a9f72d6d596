/** Coverage: what cameras see for a purpose, area by area, the gaps that weigh most, and reckoning it anew. */
import { useEffect } from "preact/hooks";
import type { AreaCoverage, Gap, Measure, Measured } from "../../api/coverage";
import { clock } from "../../words/formats";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { Nights } from "./Nights";
import { Redundancy } from "./Redundancy";
import { Reports } from "./Reports";
import { Weighing } from "./Weighing";

const MEASURES: Measure[] = ["ground_m2", "streets_m", "incidents", "accidents", "places", "schools", "addresses"];
/** Whole percents, never rounded up; what is more than nothing is not told as nothing. */
function percent(part: number, whole: number): string {
  const n = whole > 0 ? Math.floor((100 * part) / whole) : 0;
  return n === 0 && part > 0 ? "< 1" : String(n);
}
const hectares = (m2: number) => (m2 / 10_000).toLocaleString(undefined, { maximumFractionDigits: m2 < 1e5 ? 2 : 0 });

function Purposes() {
  const { surveying } = useHouse();
  const found = surveying.coverage.value;
  if (!found) return null;
  return (
    <label class="field inset">
      <span>{say("coverage.purpose")}</span>
      <select value={surveying.purpose.value} onChange={(e) => surveying.choose(e.currentTarget.value)}>
        {found.purposes.map((one) => (
          <option key={one.name} value={one.name}>
            {titleOf(one.title)}
          </option>
        ))}
      </select>
      <span class="dim">
        {titleOf(found.purpose.about)} ·{" "}
        {say("coverage.article", { article: found.purpose.article, n: Math.round(found.purpose.density_px_m) })}
      </span>
    </label>
  );
}

function Running() {
  const { surveying } = useHouse();
  const job = surveying.job.value;
  if (!job || job.outcome !== null) return null;
  return (
    <div class="inset stack">
      <progress
        aria-label={say("coverage.reckoning")}
        {...(job.total ? { value: job.done, max: job.total } : {})} // how much there is may still be unknown
      />
      <span role="status">
        {job.total ? say("coverage.done_of", { done: job.done, total: job.total }) : say("coverage.waits")}
      </span>
      <button type="button" disabled={job.cancelled_at !== null} onClick={() => void surveying.cancel()}>
        {say("coverage.cancel")}
      </button>
    </div>
  );
}

function State() {
  const { surveying, desk } = useHouse();
  const state = surveying.coverage.value?.state;
  if (!state) return null;
  return (
    <>
      <p class="inset">
        {state.tiles === 0 && <b>{say("coverage.never")}</b>}
        {state.oldest && <span class="dim">{say("coverage.at", { at: clock(state.oldest) })}</span>}
        {state.waiting > 0 && <span class="short"> {say("coverage.stale", { n: state.waiting })}</span>}
      </p>
      <Running />
      {surveying.job.value?.outcome === "failed" && (
        <p class="wrong inset" role="alert">
          {say("coverage.failed")}
        </p>
      )}
      {!surveying.running.value && desk.may("coverage.reckon") && (
        <p class="inset">
          <button type="button" class={state.tiles === 0 ? "primary" : ""} onClick={() => void surveying.reckon()}>
            {say(state.tiles === 0 ? "coverage.reckon" : "coverage.reckon_anew")}
          </button>
        </p>
      )}
    </>
  );
}

function Row({ name, one }: { name: Measure; one: Measured }) {
  return (
    <tr>
      <th scope="row">{say(`coverage.${name}`)}</th>
      <td>
        <b>{percent(one.seen, one.whole)} %</b>
      </td>
      <td>{percent(one.twice, one.whole)} %</td>
      <td>{percent(one.private, one.whole)} %</td>
    </tr>
  );
}

function Shares({ area }: { area: AreaCoverage }) {
  return (
    <table class="shares inset">
      <caption>{titleOf(area.area.name)}</caption>
      <thead>
        <tr>
          <th scope="col">{say("coverage.what")}</th>
          <th scope="col">{say("coverage.seen")}</th>
          <th scope="col">{say("coverage.twice")}</th>
          <th scope="col">{say("coverage.private")}</th>
        </tr>
      </thead>
      <tbody>
        {MEASURES.map((name) => {
          const one = area.measures[name];
          return one && one.whole > 0 ? <Row key={name} name={name} one={one} /> : null;
        })}
      </tbody>
    </table>
  );
}

function Areas({ areas }: { areas: readonly AreaCoverage[] }) {
  const [first, ...below] = areas;
  if (!first) return null;
  return (
    <>
      <Shares area={first} />
      {below.length > 0 && (
        <details class="inset">
          <summary>{say("coverage.areas", { n: below.length })}</summary>
          <ul class="shares">
            {below.map(({ area, measures }) => (
              <li key={area.id}>
                <span>{titleOf(area.name)}</span>{" "}
                <b>{percent(measures.ground_m2?.seen ?? 0, measures.ground_m2?.whole ?? 0)} %</b>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function GapLine({ gap }: { gap: Gap }) {
  const { desk } = useHouse();
  return (
    <li>
      <span class="what">
        <button type="button" class="link strong" title={say("show_on_map")} onClick={() => desk.flyTo(gap.place, 16)}>
          {gap.nearest ? titleOf(gap.nearest) : say("coverage.no_address")}
        </button>
        <span>{gap.reasons.map(titleOf).join(" · ") || say("coverage.gap_empty")}</span>
        <span class="dim">{say("coverage.gap_size", { ha: hectares(gap.ground_m2) })}</span>
      </span>
      <b title={say("coverage.weight")}>{gap.weight.toLocaleString(undefined, { maximumFractionDigits: 1 })}</b>
    </li>
  );
}

function Gaps() {
  const { surveying } = useHouse();
  const gaps = surveying.gaps.value;
  if (gaps.length === 0) return null;
  return (
    <section class="inset" aria-label={say("coverage.gaps")}>
      <h2>{say("coverage.gaps")}</h2>
      <ol class="lines">
        {gaps.map((gap) => (
          <GapLine key={gap.id} gap={gap} />
        ))}
      </ol>
      {surveying.next.value !== null && (
        <button type="button" onClick={() => void surveying.more()}>
          {say("coverage.more")}
        </button>
      )}
    </section>
  );
}

/** What the button over the map opens. */
export function CoverageSheet() {
  const { surveying } = useHouse();
  useEffect(() => {
    void surveying.look();
    return surveying.leave;
  }, []);
  return (
    <div class="stack coverage">
      <p class="wrong inset" role="alert">
        {surveying.wrong.value}
      </p>
      <Purposes />
      <State />
      <Areas areas={surveying.coverage.value?.areas ?? []} />
      <Nights area={surveying.coverage.value?.areas[0]} />
      <Redundancy />
      <Weighing />
      <Gaps />
      <Reports />
    </div>
  );
}
