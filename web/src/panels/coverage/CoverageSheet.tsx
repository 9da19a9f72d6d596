/** Coverage: what cameras see for a purpose, area by area, the gaps that weigh most, and reckoning it anew. */
import { useEffect } from "preact/hooks";
import type { AreaCoverage } from "../../api/coverage";
import { bring } from "../../map/shown";
import { clock } from "../../words/formats";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { LayerSwitch } from "../LayerSwitch";
import { Gaps } from "./Gaps";
import { Interests } from "./Interest";
import { Nights } from "./Nights";
import { Redundancy } from "./Redundancy";
import { Reports } from "./Reports";
import { percent, Shares } from "./Shares";
import { Slices } from "./Slices";
import { Weighing } from "./Weighing";

const DRAWN: readonly string[] = ["coverage", "gaps"];

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

/** What the sheet is about stands on the map while it is open. */
function OnMap() {
  const { desk } = useHouse();
  useEffect(() => bring(DRAWN), []);
  const layers = desk.document.value?.layers.filter((one) => DRAWN.includes(one.name)) ?? [];
  return (
    <div>
      {layers.map((layer) => (
        <LayerSwitch key={layer.name} layer={layer} />
      ))}
    </div>
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
      {state.tiles > 0 && <p class="dim inset">{say(`terrain.${state.terrain}`)}</p>}
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

function Areas({ areas }: { areas: readonly AreaCoverage[] }) {
  const [first, ...below] = areas;
  if (!first) return null;
  return (
    <>
      <Shares title={titleOf(first.area.name)} measures={first.measures} />
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
      <OnMap />
      <Slices />
      <State />
      <Areas areas={surveying.coverage.value?.areas ?? []} />
      <Nights area={surveying.coverage.value?.areas[0]} />
      <Redundancy />
      <Weighing />
      <Gaps />
      <Interests />
      <Reports />
    </div>
  );
}
