/** A camera that hangs otherwise: its pose in fields and by keys, what it would see, what that changes, save or give up. */
import { useSignal } from "@preact/signals";
import type { Change, Pose } from "../../api/coverage";
import { LIMITS } from "../../desk/poses";
import { decimal } from "../../words/formats";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { ground, Legend } from "./Slices";

const FIELDS = [
  ["height_m", 0.1, LIMITS.height_m],
  ["heading_deg", 1, [0, 360]],
  ["tilt_deg", 1, LIMITS.tilt_deg],
  ["hfov_deg", 1, LIMITS.hfov_deg],
] as const;
const STEPS: Record<string, readonly [number, number]> = {
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};
const TURNS: Record<string, number> = { Comma: -1, Period: 1 };
const FAR = 10; // times a step, with Shift

/** The keyboard's hand: arrows move by a metre, comma and full stop turn by a degree, with Shift by ten. */
function Pad() {
  const { hanging } = useHouse();
  function press(pressed: KeyboardEvent): void {
    const by = pressed.shiftKey ? FAR : 1;
    const [step, turn] = [STEPS[pressed.code], TURNS[pressed.code]];
    if (step) hanging.nudge(by * step[0], by * step[1]);
    else if (turn) hanging.turnBy(by * turn);
    else return;
    pressed.preventDefault();
    pressed.stopPropagation();
  }
  return (
    <div class="hang-pad" role="application" aria-label={say("hanging.pad")} tabIndex={0} onKeyDown={press}>
      {say("hanging.keys")}
    </div>
  );
}

function Field({ name, step, limits }: { name: (typeof FIELDS)[number][0]; step: number; limits: readonly number[] }) {
  const { hanging } = useHouse();
  const value = hanging.pose.value?.[name];
  const digits = name === "height_m" ? 1 : 0;
  return (
    <label class="field">
      <span>{say(`hanging.${name}`)}</span>
      <input
        type="number"
        step={step}
        min={limits[0]}
        max={limits[1]}
        value={value == null ? "" : Number(value.toFixed(digits + 1))}
        onInput={(e) => {
          const typed = e.currentTarget.valueAsNumber;
          if (Number.isFinite(typed)) hanging.change({ [name]: typed } as Partial<Pose>);
          else if (name === "tilt_deg" && e.currentTarget.value === "") hanging.change({ tilt_deg: null });
        }}
      />
    </label>
  );
}

/** What is gained and lost for the purpose, with what it weighs. */
function Changed({ change }: { change: Change }) {
  const { surveying } = useHouse();
  const told = surveying.coverage.value?.purpose.title;
  const rows = [
    ["gained", change.gained_m2, change.gained_weight],
    ["lost", change.lost_m2, change.lost_weight],
  ] as const;
  return (
    <dl class="changed" aria-label={say("hanging.change", { purpose: titleOf(told) })}>
      {rows.map(([name, m2, weight]) => (
        <div key={name} class={`is-${name}`}>
          <dt>
            <i aria-hidden="true" /> {say(`hanging.${name}`)}
          </dt>
          <dd>
            {ground(m2)} · {say("hanging.weight", { n: decimal(weight) })}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Views() {
  const { hanging } = useHouse();
  const views = hanging.camera.value?.views ?? [];
  if (views.length < 2) return null;
  return (
    <label class="field">
      <span>{say("calibration.view")}</span>
      <select
        onChange={(e) => {
          const view = views[e.currentTarget.selectedIndex];
          if (view) hanging.take(view);
        }}
      >
        {views.map((view) => (
          <option key={view.preset ?? ""} selected={view === hanging.chosen.value}>
            {view.preset === null ? say("calibration.as_it_hangs") : titleOf(view.name) || view.preset}
          </option>
        ))}
      </select>
    </label>
  );
}

function Seen() {
  const { hanging, slicing } = useHouse();
  const seen = hanging.seen.value;
  return (
    <>
      {seen?.unseeing && <p class="stale">{say(`sees.${seen.unseeing}`)}</p>}
      {seen && !seen.unseeing && <Legend slices={slicing.slices.value} bands={seen.features} />}
      {seen && !seen.unseeing && <p class="dim">{say(`terrain.${seen.terrain}`)}</p>}
      {seen?.change && <Changed change={seen.change} />}
      {hanging.took_ms.value !== null && (
        <p class="dim took">{say("hanging.took", { n: Math.round(hanging.took_ms.value) })}</p>
      )}
    </>
  );
}

/** Saving asks once more where a calibration is lost. */
function Saving() {
  const { hanging } = useHouse();
  const knows = useSignal(false);
  const lost = hanging.loses.value.length;
  return (
    <>
      {lost > 0 && (
        <label class="line short">
          <input type="checkbox" checked={knows.value} onChange={(e) => (knows.value = e.currentTarget.checked)} />
          {say("hanging.loses", { n: lost })}
        </label>
      )}
      <p class="wrong" role="alert">
        {hanging.wrong.value}
      </p>
      <span class="line saving">
        <button
          type="button"
          class="primary"
          disabled={!hanging.moved.value || (lost > 0 && !knows.value)}
          onClick={() => void hanging.save()}
        >
          {say("hanging.save")}
        </button>
        <button type="button" disabled={!hanging.moved.value} onClick={hanging.restore}>
          {say("hanging.restore")}
        </button>
        <button type="button" onClick={hanging.cancel}>
          {say("cancel")}
        </button>
      </span>
    </>
  );
}

export function HangDock() {
  const { hanging } = useHouse();
  const camera = hanging.camera.value;
  if (!camera || !hanging.pose.value) return null;
  const guessed = hanging.guessed.value.filter((part) => part === "height_m" || part.endsWith("_deg"));
  return (
    <section
      class="hang float"
      aria-labelledby="hang-title"
      onKeyDown={(pressed) => {
        if (pressed.code !== "Escape") return;
        pressed.stopPropagation();
        hanging.cancel();
      }}
    >
      <h2 id="hang-title">{say("hanging.title", { name: titleOf(camera.name) || camera.code })}</h2>
      <Views />
      <div class="hang-fields">
        {FIELDS.map(([name, step, limits]) => (
          <Field key={name} name={name} step={step} limits={limits} />
        ))}
      </div>
      {guessed.length > 0 && (
        <p class="stale">
          {say("hanging.guessed", {
            parts: guessed.map((part) => say(`hanging.${part as "height_m" | "heading_deg" | "hfov_deg"}`)).join(", "),
          })}
        </p>
      )}
      <Pad />
      <Seen />
      <Saving />
    </section>
  );
}
