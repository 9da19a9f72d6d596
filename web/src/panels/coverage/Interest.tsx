/** Areas of interest: drawn, typed or taken from one's own list; what is seen of each, and its gaps. */
import { useSignal } from "@preact/signals";
import { readCorners, writeCorners } from "../../desk/corners";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { walkList } from "../walk";
import { GapLine } from "./Gaps";
import { Shares } from "./Shares";
import { Legend } from "./Slices";

/** Corners by the keyboard, one a line. */
function Typed() {
  const { interest } = useHouse();
  const text = useSignal(writeCorners(interest.corners.value ?? []));
  const wrong = useSignal("");
  function take(event: Event): void {
    event.preventDefault();
    const found = readCorners(text.value);
    const few = !found.wrong && found.corners.length < 3;
    wrong.value = found.wrong
      ? say(`interest.${found.wrong.why}`, { line: found.wrong.line })
      : few
        ? say("interest.few")
        : "";
    if (!wrong.value) interest.look(found.corners, interest.name.value);
  }
  return (
    <form class="stack" onSubmit={take}>
      <label class="field">
        <span>{say("interest.corners")}</span>
        <textarea
          rows={4}
          value={text.value}
          placeholder="43.250100, 76.950200"
          onInput={(e) => (text.value = e.currentTarget.value)}
        />
      </label>
      <p class="wrong" role="alert">
        {wrong.value}
      </p>
      <button type="submit">{say("interest.take")}</button>
    </form>
  );
}

function Keeping() {
  const { interest } = useHouse();
  const name = useSignal(interest.name.value);
  return (
    <form
      class="line"
      onSubmit={(event) => {
        event.preventDefault();
        interest.keep(name.value);
      }}
    >
      <label class="field">
        <span>{say("interest.name")}</span>
        <input value={name.value} maxLength={80} required onInput={(e) => (name.value = e.currentTarget.value)} />
      </label>
      <button type="submit">{say("interest.keep")}</button>
    </form>
  );
}

/** What the server told of the area that is looked at. */
function Told() {
  const { interest, surveying, slicing } = useHouse();
  const answer = interest.answer.value;
  if (!answer) return <p role="status">{interest.busy.value ? say("loading") : ""}</p>;
  return (
    <>
      <Legend slices={slicing.slices.value} bands={answer.features} />
      {surveying.purposes.value.map(({ name, title }) => (
        <details key={name} open={name === surveying.purpose.value}>
          <summary>{titleOf(title)}</summary>
          <Shares title={interest.name.value || say("interest.unnamed")} measures={answer.measures[name] ?? {}} />
        </details>
      ))}
      {answer.gaps.length > 0 && (
        <ol class="lines" aria-label={say("interest.gaps")} onKeyDown={walkList}>
          {answer.gaps.map((gap, n) => (
            <GapLine key={`${gap.place.lon} ${gap.place.lat}`} gap={gap} title={say("interest.gap", { n: n + 1 })} />
          ))}
        </ol>
      )}
    </>
  );
}

function Looked() {
  const { interest } = useHouse();
  if (!interest.corners.value) return null;
  return (
    <div class="stack">
      <h3>{interest.name.value || say("interest.unnamed")}</h3>
      <p class="short" role="alert">
        {interest.wrong.value}
      </p>
      <Told />
      <Keeping key={interest.name.value} />
      <button type="button" onClick={interest.leave}>
        {say("interest.leave")}
      </button>
    </div>
  );
}

/** In the planner's sheet. */
export function Interests() {
  const { interest, desk } = useHouse();
  if (!desk.may("coverage.ground")) return null;
  const middle = (corners: readonly (readonly [number, number])[]) => {
    const mean = (axis: 0 | 1) => corners.reduce((sum, one) => sum + one[axis], 0) / corners.length;
    return { lon: mean(0), lat: mean(1) };
  };
  return (
    <section class="inset stack" aria-label={say("interest.title")}>
      <h2>{say("interest.title")}</h2>
      <p class="dim">{say("interest.kept_here")}</p>
      <ul class="lines" onKeyDown={walkList}>
        {interest.kept.value.map(({ name, corners }) => (
          <li key={name}>
            <button
              type="button"
              class="link strong"
              aria-pressed={interest.name.value === name}
              onClick={() => {
                interest.look(corners, name);
                desk.flyTo(middle(corners), 15);
              }}
            >
              {name}
            </button>
            <button type="button" aria-label={say("interest.drop", { name })} onClick={() => interest.drop(name)}>
              ✕
            </button>
          </li>
        ))}
      </ul>
      <button type="button" onClick={() => void interest.draw()}>
        {say("interest.draw")}
      </button>
      <details>
        <summary>{say("interest.type")}</summary>
        <Typed key={String(interest.corners.value)} />
      </details>
      <Looked />
    </section>
  );
}
