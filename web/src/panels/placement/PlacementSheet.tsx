/** Planning cameras: ask for a plan, see how far it is, read it, and set up to four beside each other. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Plan, TENDERS, type WholePlan } from "../../api/placement";
import { isRunning, MOST_COMPARED } from "../../desk/placing";
import { language, say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { save } from "../save";
import { Comparison } from "./Comparison";
import { boundWords, grown, money } from "./figures";
import { PlanCameras } from "./PlanCameras";
import { PlanForm } from "./PlanForm";
import { Zones } from "./Zones";

function Running({ plan }: { plan: Plan }) {
  const { placing } = useHouse();
  const job = plan.job;
  if (!job || !isRunning(plan)) return null;
  return (
    <span class="stack">
      <progress
        aria-label={say("placement.reckoning", { name: plan.name })}
        {...(job.total && job.begun_at ? { value: job.done, max: job.total } : {})}
      />
      <span class="line">
        <span role="status">{say(job.begun_at ? "placement.under_way" : "coverage.waits")}</span>
        <button type="button" disabled={job.cancelled_at !== null} onClick={() => void placing.cancel(plan)}>
          {say("coverage.cancel")}
        </button>
      </span>
    </span>
  );
}

function Row({ plan }: { plan: Plan }) {
  const { placing } = useHouse();
  const compared = placing.compared.value;
  const full = compared.length >= MOST_COMPARED && !compared.includes(plan.id);
  return (
    <li>
      <span class="what">
        <button
          type="button"
          class="link strong"
          aria-current={placing.plan.value?.id === plan.id}
          onClick={() => void placing.choose(plan.id)}
        >
          {plan.name}
        </button>
        {plan.figures && (
          <span class="dim">
            {say("placement.count", { n: plan.figures.cameras })} · {money(plan.figures.price, plan.currency)} ·{" "}
            {grown(plan.figures.weight)}
          </span>
        )}
        {plan.job?.outcome === "failed" && <span class="short">{say("placement.failed")}</span>}
        {plan.job?.outcome === "cancelled" && <span class="dim">{say("placement.cancelled")}</span>}
        <Running plan={plan} />
      </span>
      {plan.figures && (
        <label class="tick">
          <input
            type="checkbox"
            checked={compared.includes(plan.id)}
            disabled={full}
            aria-label={say("placement.compare_one", { name: plan.name })}
            onChange={() => void placing.toggle(plan.id)}
          />
          <span aria-hidden="true">⇆</span>
        </label>
      )}
    </li>
  );
}

function Told({ plan }: { plan: WholePlan }) {
  const figures = plan.figures;
  if (!figures || figures.nothing) return null;
  const lines = [
    ["weight", grown(figures.weight)],
    ["ground", grown(figures.ground_m2)],
    ["streets", grown(figures.streets_m)],
    ["price", money(figures.price, plan.currency)],
    ["bound", boundWords(figures, plan.aim)],
    ["chosen_of", say("placement.of_candidates", { n: figures.candidates, spots: figures.spots_tried })],
  ] as const;
  return (
    <dl class="told">
      {lines.map(([name, value]) => (
        <div key={name}>
          <dt>{say(`placement.${name}` as "placement.weight")}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Tenders({ plan }: { plan: WholePlan }) {
  const { client, desk, placing } = useHouse();
  if (!desk.may("placement.export") || !plan.figures || plan.figures.nothing) return null;
  const take = async (format: (typeof TENDERS)[number]) => {
    try {
      save(await client.tender(plan.id, format, language.value), `plan-${plan.id}.${format}`);
    } catch {
      placing.wrong.value = say("said.failed");
    }
  };
  return (
    <p class="line tender" role="group" aria-label={say("placement.tender")}>
      <span>{say("placement.tender")}</span>
      {TENDERS.map((format) => (
        <button key={format} type="button" onClick={() => void take(format)}>
          {format.toUpperCase()}
        </button>
      ))}
    </p>
  );
}

function Chosen() {
  const { placing, desk, surveying } = useHouse();
  const sure = useSignal(false);
  const plan = placing.plan.value;
  if (!plan) return null;
  const purpose = surveying.coverage.value?.purposes.find((one) => one.name === plan.purpose);
  return (
    <section class="inset stack" aria-label={plan.name}>
      <h2>
        {plan.name} <span class="dim">{titleOf(purpose?.title)}</span>
      </h2>
      {plan.figures?.nothing && <p class="short">{titleOf(plan.figures.nothing)}</p>}
      {plan.figures && !plan.figures.nothing && !plan.figures.reached && (
        <p class="short">{say("placement.not_reached")}</p>
      )}
      <Told plan={plan} />
      <Tenders plan={plan} />
      <p class="line">
        <button type="button" onClick={placing.close}>
          {say("placement.close")}
        </button>
        {desk.may("placement.write") &&
          (sure.value ? (
            <button type="button" class="danger" onClick={() => void placing.remove(plan.id)}>
              {say("placement.delete_sure")}
            </button>
          ) : (
            <button type="button" class="quiet" onClick={() => (sure.value = true)}>
              {say("placement.delete")}
            </button>
          ))}
      </p>
      <PlanCameras plan={plan} />
    </section>
  );
}

/** What the button over the map opens. */
export function PlacementSheet() {
  const { placing, desk } = useHouse();
  const asks = useSignal(false);
  useEffect(() => {
    void placing.look();
    return placing.leave;
  }, []);
  return (
    <div class="stack placement">
      <p class="wrong inset" role="alert">
        {placing.wrong.value}
      </p>
      {asks.value ? (
        <PlanForm done={() => (asks.value = false)} />
      ) : (
        desk.may("placement.write") && (
          <p class="inset">
            <button type="button" class="primary" onClick={() => (asks.value = true)}>
              {say("placement.new")}
            </button>
          </p>
        )
      )}
      <ul class="lines inset" aria-label={say("placement.plans")}>
        {placing.plans.value.map((plan) => (
          <Row key={plan.id} plan={plan} />
        ))}
      </ul>
      <Comparison />
      <Chosen />
      <Zones />
    </div>
  );
}
