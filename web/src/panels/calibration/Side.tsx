/** Beside the picture: how to calibrate, what is missing, the points or the pose, what is found, and storing it. */
import { decimal } from "../../words/formats";
import { say, sayOf, type Word } from "../../words/words";
import { useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { elevate, LEAST, LEAST_WITH_FIELD, nextOf, numberOf, type PoseSaid, saidOf, type Way } from "./draft";
import { PointTable } from "./PointTable";
import type { Work } from "./work";

const POSE: readonly (keyof PoseSaid)[] = ["height_m", "heading_deg", "tilt_deg", "roll_deg", "hfov_deg"];

function Ways({ work }: { work: Work }) {
  return (
    <fieldset class="two-ways">
      <legend>{say("calibration.by")}</legend>
      {(["points", "pose"] as const).map((way: Way) => (
        <label key={way}>
          <input type="radio" name="way" checked={work.way.value === way} onChange={() => (work.way.value = way)} />
          {sayOf("calibration.ways", way)}
        </label>
      ))}
    </fieldset>
  );
}

/** How high the chosen point lies; the slope of the ground is found from four that say so. */
function Elevation({ work }: { work: Work }) {
  const { chosen, marks } = work.draft.value;
  if (chosen === null) return null;
  return (
    <label class="field">
      {say("calibration.elevation", { n: chosen + 1 })}
      <input
        key={chosen}
        inputMode="decimal"
        defaultValue={String(marks[chosen]?.elevation_m ?? "")}
        onInput={(typed) => (work.draft.value = elevate(work.draft.peek(), numberOf(typed.currentTarget.value)))}
      />
    </label>
  );
}

function ByPoints({ work }: { work: Work }) {
  const next = nextOf(work.draft.value, numberOf(work.field.value) !== null);
  return (
    <>
      <p role="status" class="next">
        {say(`calibration.next.${next.word}`, { n: next.n })}
      </p>
      <label class="field">
        {say("calibration.known_field")}
        <input
          inputMode="decimal"
          value={work.field.value}
          aria-describedby="known-field"
          onInput={(typed) => (work.field.value = typed.currentTarget.value)}
        />
      </label>
      <p class="dim" id="known-field">
        {say("calibration.known_field_hint", { n: LEAST, few: LEAST_WITH_FIELD })}
      </p>
      <Elevation work={work} />
      <PointTable work={work} />
    </>
  );
}

function ByPose({ work }: { work: Work }) {
  return (
    <div class="pose">
      {POSE.map((part) => (
        <label class="field" key={part}>
          {say(`calibration.pose.${part}` as Word)}
          <input
            inputMode="decimal"
            name={part}
            value={work.pose.value[part]}
            onInput={(typed) => (work.pose.value = { ...work.pose.value, [part]: typed.currentTarget.value })}
          />
        </label>
      ))}
    </div>
  );
}

/** The lens and the slope of the ground, where somebody knows them. */
function Model({ work }: { work: Work }) {
  return (
    <details>
      <summary>{say("calibration.model")}</summary>
      {(["lens", "ground"] as const).map((part) => (
        <label class="field" key={part}>
          {say(`calibration.${part}`)}
          <input value={work[part].value} onInput={(typed) => (work[part].value = typed.currentTarget.value)} />
        </label>
      ))}
    </details>
  );
}

/** The pose that was found, and how surely things are placed straight ahead. */
function Found({ work }: { work: Work }) {
  const drafted = work.drafted.value;
  if (!drafted) return null;
  const said = saidOf(drafted.pose);
  return (
    <dl class="found" aria-label={say("calibration.found")}>
      {POSE.map((part) => (
        <div key={part}>
          <dt>{say(`calibration.pose.${part}` as Word)}</dt>
          <dd>{said[part]}</dd>
        </div>
      ))}
      {drafted.rings.map(({ distance_m, ellipse_m }) => (
        <div key={distance_m}>
          <dt>{say("calibration.at", { m: distance_m })}</dt>
          <dd>{ellipse_m === null ? "—" : say("calibration.sure", { m: decimal(ellipse_m) })}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Side({ work, stored }: { work: Work; stored: () => void }) {
  const { client, desk } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  async function store(): Promise<void> {
    const body = work.asked.value;
    if (!body || !(await attempt(() => client.calibrate(work.camera.id, body)))) return;
    desk.tell(say("calibration.stored", { code: work.camera.code }));
    stored();
  }
  return (
    <section class="by" aria-label={say("calibration.by")}>
      <Ways work={work} />
      {work.way.value === "points" ? <ByPoints work={work} /> : <ByPose work={work} />}
      <label class="field">
        {say("calibration.range")}
        <input
          inputMode="decimal"
          value={work.range.value}
          onInput={(typed) => (work.range.value = typed.currentTarget.value)}
        />
      </label>
      <Model work={work} />
      <Found work={work} />
      <p class="dim" id="calibration-keys">
        {say("calibration.keys")}
      </p>
      <p class="wrong" role="alert">
        {wrong.value || work.wrong.value}
      </p>
      {desk.may("cameras.calibrate") && (
        <button type="button" class="primary" disabled={busy.value || !work.drafted.value} onClick={() => void store()}>
          {say("calibration.store")}
        </button>
      )}
    </section>
  );
}
