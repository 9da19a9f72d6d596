/** The card of a function: what it needs and misses, the norm, and how well it did where it was measured. */
import type { Card, Measured } from "../../api/rules";
import { decimal } from "../../words/formats";
import { say, titleOf } from "../../words/words";

const DASH = "—";
const few = (value: number) => decimal(value, value !== 0 && value < 10 ? 1 : 0);

function found({ recall, n }: Measured): string {
  return recall === null ? DASH : say("rules.found_of", { share: decimal(100 * recall, 0), n });
}

/** None in a minute is not none in a day: how many there may be is said beside it. */
function alarms({ false_alarms_per_camera_day: n, at_most_per_camera_day: most }: Measured): string {
  return most == null ? few(n) : say("rules.at_most", { n: few(n), most: few(most) });
}

/** A part of the form that opens. */
export function CardPart({ card }: { card: Card }) {
  return (
    <details class="function-card">
      <summary>{say("rules.card")}</summary>
      <dl>
        <dt>{say("rules.needs")}</dt>
        <dd>{titleOf(card.needs)}</dd>
        <dt>{say("rules.misses")}</dt>
        <dd>{titleOf(card.misses)}</dd>
        {card.norm && <dt>{say("rules.norm")}</dt>}
        {card.norm && <dd>{card.norm}</dd>}
      </dl>
      {card.measured.length > 0 && (
        <table>
          <caption>{say("rules.measured")}</caption>
          <thead>
            <tr>
              <th scope="col">{say("rules.on")}</th>
              <th scope="col">{say("rules.found")}</th>
              <th scope="col">{say("rules.false")}</th>
            </tr>
          </thead>
          <tbody>
            {card.measured.map((one) => (
              <tr key={one.on}>
                <th scope="row" lang="en">
                  {one.on}
                </th>
                <td>{found(one)}</td>
                <td>{alarms(one)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}
