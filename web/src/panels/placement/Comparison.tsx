/** Plans side by side: their figures in a table, and over the map the line between the first two of them. */
import type { Side } from "../../api/placement";
import { SIDES } from "../../map/placing";
import { hectares } from "../../words/formats";
import { say } from "../../words/words";
import { useHouse } from "../house";
import { boundWords, grown, money } from "./figures";

const ROWS: [string, (side: Side) => string][] = [
  ["count_of", ({ placement }) => String(placement.figures?.cameras ?? 0)],
  ["price", ({ placement }) => money(placement.figures?.price ?? 0, placement.currency)],
  ["weight", ({ placement }) => (placement.figures ? grown(placement.figures.weight) : "")],
  ["streets", ({ placement }) => (placement.figures ? grown(placement.figures.streets_m) : "")],
  ["bound", ({ placement }) => (placement.figures ? boundWords(placement.figures, placement.aim) : "")],
  ["sees_ha", (side) => hectares(side.seen_m2)],
  ["alone_ha", (side) => hectares(side.alone_m2)],
];

/** The table of the sheet. */
export function Comparison() {
  const { placing } = useHouse();
  const sides = placing.sides.value;
  if (sides.length < 2) return null;
  return (
    <div class="compared inset" role="region" aria-label={say("placement.compared")} tabIndex={0}>
      <table>
        <caption>{say("placement.compared")}</caption>
        <thead>
          <tr>
            <td />
            {sides.map((side, n) => (
              <th key={side.placement.id} scope="col" style={n < 2 ? { borderTopColor: SIDES[n] } : {}}>
                {side.placement.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ROWS.map(([name, told]) => (
            <tr key={name}>
              <th scope="row">{say(`placement.${name}` as "placement.price")}</th>
              {sides.map((side) => (
                <td key={side.placement.id}>{told(side)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The line over the map; it is a slider, so arrow keys move it. */
export function CompareSlider() {
  const { placing } = useHouse();
  const [left, right] = placing.sides.value;
  if (!placing.open.value || !left || !right) return null;
  return (
    <div class="between">
      <span class="edge" style={{ left: `${placing.split.value}%` }} aria-hidden="true">
        <b style={{ color: SIDES[0] }}>{left.placement.name}</b>
        <b style={{ color: SIDES[1] }}>{right.placement.name}</b>
      </span>
      <input
        type="range"
        min={0}
        max={100}
        value={placing.split.value}
        aria-label={say("placement.slider", { left: left.placement.name, right: right.placement.name })}
        onInput={(e) => (placing.split.value = e.currentTarget.valueAsNumber)}
      />
    </div>
  );
}
