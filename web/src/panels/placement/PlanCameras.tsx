/** The cameras of a plan as a list: where and how each hangs, what it adds, its rules; one held is hung otherwise. */
import type { Hangs, PlanCamera, WholePlan } from "../../api/placement";
import { stepped, type Trial } from "../../desk/placing";
import { decimal } from "../../words/formats";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { money, percent } from "./figures";

const WAYS = [
  ["north", "↑", 0, 1],
  ["south", "↓", 0, -1],
  ["west", "←", -1, 0],
  ["east", "→", 1, 0],
] as const;
const FIELDS = [
  ["heading_deg", 0, 360, 1],
  ["tilt_deg", 0.5, 90, 0.5],
  ["height_m", 1.8, 30, 0.1],
  ["hfov_deg", 5, 120, 1],
] as const;

function Rules({
  names,
  plan,
  word,
}: {
  names: readonly string[];
  plan: WholePlan;
  word: "meets" | "breaks" | "unsure";
}) {
  if (names.length === 0) return null;
  const rules = plan.rules.filter((rule) => names.includes(rule.name));
  return (
    <details class={word}>
      <summary>{say(`placement.${word}` as "placement.meets", { n: rules.length })}</summary>
      <ul>
        {rules.map((rule) => (
          <li key={rule.name}>
            {rule.article} · {titleOf(rule.title)}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Told({ trial, plan }: { trial: Trial; plan: WholePlan }) {
  const found = trial.found;
  const weight = plan.figures?.weight;
  if (!found || !weight) return null;
  return (
    <p role="status">
      {found.refused ? (
        <b class="short">{say(`placement.refused.${found.refused}` as "placement.refused.inside")}</b>
      ) : (
        <>
          <b>{say("placement.plan_sees", { after: percent(found.after, weight.whole) })}</b>{" "}
          <span class="dim">{say("placement.was", { after: percent(weight.after, weight.whole) })}</span>
        </>
      )}
      <Rules names={found.breaks} plan={plan} word="breaks" />
    </p>
  );
}

function Held({ trial, plan }: { trial: Trial; plan: WholePlan }) {
  const { placing } = useHouse();
  const { hangs } = trial;
  return (
    <div class="stack held">
      <p class="dim">{say("placement.drag_how")}</p>
      <div class="line" role="group" aria-label={say("placement.move")}>
        {WAYS.map(([name, sign, east, north]) => (
          <button
            key={name}
            type="button"
            aria-label={say(`placement.${name}` as "placement.north")}
            title={say(`placement.${name}` as "placement.north")}
            onClick={() => placing.hang({ place: stepped(hangs.place, east, north) })}
          >
            {sign}
          </button>
        ))}
      </div>
      {FIELDS.map(([name, min, max, step]) => (
        <label class="field across" key={name}>
          <span>
            {say(`placement.${name}` as "placement.heading_deg")}: {decimal(hangs[name], step < 1 ? 1 : 0)}
          </span>
          <input
            type="range"
            {...{ min, max, step }}
            value={hangs[name]}
            onInput={(e) => placing.hang({ [name]: e.currentTarget.valueAsNumber } as Partial<Hangs>)}
          />
        </label>
      ))}
      <Told trial={trial} plan={plan} />
      <p class="line">
        <button
          type="button"
          class="primary"
          disabled={trial.found === null || trial.found.refused !== null}
          onClick={() => void placing.keep()}
        >
          {say("placement.keep")}
        </button>
        <button type="button" onClick={() => placing.hold(null)}>
          {say("cancel")}
        </button>
        <button type="button" class="danger" onClick={() => void placing.takeDown(trial.camera)}>
          {say("placement.take_down")}
        </button>
      </p>
    </div>
  );
}

function Row({ camera, plan }: { camera: PlanCamera; plan: WholePlan }) {
  const { placing, desk } = useHouse();
  const mount = placing.offer.value?.mounts.find((one) => one.name === camera.source);
  const held = placing.trial.value?.camera.id === camera.id ? placing.trial.value : null;
  return (
    <li class="camera">
      <button type="button" class="link strong" onClick={() => desk.flyTo(camera.place, 18)}>
        {camera.number}. {titleOf(camera.kind_title)}
      </button>
      <span>
        {titleOf(mount?.title)} ·{" "}
        {say("placement.hangs", {
          height: decimal(camera.height_m, 1),
          heading: Math.round(camera.heading_deg),
          tilt: decimal(camera.tilt_deg, 1),
          hfov: Math.round(camera.hfov_deg),
        })}
      </span>
      <span class="dim">
        {say("placement.adds", { share: percent(camera.adds, plan.figures?.weight.whole ?? 0) })} ·{" "}
        {money(camera.price, plan.currency)}
        {camera.masks.length > 0 && ` · ${say("placement.masks", { n: camera.masks.length })}`}
        {camera.moved_by && ` · ${say("placement.moved_by", { who: camera.moved_by })}`}
      </span>
      <Rules names={camera.meets} plan={plan} word="meets" />
      <Rules names={camera.breaks} plan={plan} word="breaks" />
      <Rules names={camera.unsure} plan={plan} word="unsure" />
      {held ? (
        <Held trial={held} plan={plan} />
      ) : (
        desk.may("placement.write") && (
          <button
            type="button"
            aria-label={say("placement.hold_of", { n: camera.number })}
            onClick={() => placing.hold(camera)}
          >
            {say("placement.hold")}
          </button>
        )
      )}
    </li>
  );
}

/** The list. */
export function PlanCameras({ plan }: { plan: WholePlan }) {
  return (
    <ol class="cameras" aria-label={say("placement.cameras")}>
      {plan.cameras.map((camera) => (
        <Row key={camera.id} camera={camera} plan={plan} />
      ))}
    </ol>
  );
}
