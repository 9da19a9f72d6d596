/** What is lost with a camera, a pole, a node or a link, the worst first; its ground is shown on the map. */
import { useEffect } from "preact/hooks";
import { type Lost, WAYS } from "../../api/redundancy";
import { number } from "../../words/formats";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";

const COUNTED = ["schools", "places", "accidents", "incidents", "addresses"] as const;

/** What goes with it, in words; nothing of what there is none of. */
function told(one: Lost): string {
  const counted = COUNTED.filter((name) => one[name] > 0).map((name) =>
    say("coverage.lost_of", { what: say(`coverage.${name}`), n: one[name] }),
  );
  const streets = one.streets_m >= 1 ? [say("coverage.gap_streets", { n: Math.round(one.streets_m) })] : [];
  return [...streets, ...counted].join(" · ");
}

function Line({ one }: { one: Lost }) {
  const { failing } = useHouse();
  const name = one.title ? titleOf(one.title) : one.name;
  return (
    <li>
      <span class="what">
        <button
          type="button"
          class="link strong"
          aria-pressed={failing.shown.value === one.name}
          title={say("coverage.lost_show")}
          onClick={() => void failing.show(one.name)}
        >
          {name}
        </button>
        {one.cameras > 1 && <span class="dim">{say("coverage.lost_cameras", { n: one.cameras })}</span>}
        <span>{told(one)}</span>
      </span>
      <b>{say("coverage.lost_m2", { n: number(one.ground_m2) })}</b>
    </li>
  );
}

function Found() {
  const { failing } = useHouse();
  const lost = failing.lost.value;
  if (!lost) return null;
  if (lost.length === 0) return <p class="dim">{say("coverage.lost_none")}</p>;
  return (
    <>
      <ol class="lines">
        {lost.map((one) => (
          <Line key={one.name} one={one} />
        ))}
      </ol>
      {failing.ground.value?.whole === false && <p class="dim">{say("coverage.lost_part")}</p>}
      {failing.next.value !== null && (
        <button type="button" onClick={() => void failing.more()}>
          {say("coverage.more")}
        </button>
      )}
    </>
  );
}

/** A section of the coverage sheet; nothing is asked until it is opened. */
export function Redundancy() {
  const { failing } = useHouse();
  useEffect(() => () => failing.look(false), []);
  return (
    <details class="inset" onToggle={(e) => failing.look(e.currentTarget.open)}>
      <summary>{say("coverage.lost")}</summary>
      <div class="stack">
        <label class="field">
          <span>{say("coverage.lost_with")}</span>
          <select
            value={failing.by.value}
            onChange={(e) => failing.choose(e.currentTarget.value as (typeof WAYS)[number])}
          >
            {WAYS.map((way) => (
              <option key={way} value={way}>
                {say(`coverage.lost_${way}`)}
              </option>
            ))}
          </select>
        </label>
        <p class="wrong" role="alert">
          {failing.wrong.value}
        </p>
        <Found />
      </div>
    </details>
  );
}
