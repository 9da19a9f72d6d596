/** How much of an area is seen for a purpose, measure by measure. */
import type { Measure, Measured } from "../../api/coverage";
import { say } from "../../words/words";

const MEASURES: Measure[] = ["ground_m2", "streets_m", "incidents", "accidents", "places", "schools", "addresses"];

/** Whole percents, never rounded up; what is more than nothing is not told as nothing. */
export function percent(part: number, whole: number): string {
  const n = whole > 0 ? Math.floor((100 * part) / whole) : 0;
  return n === 0 && part > 0 ? "< 1" : String(n);
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

/** The table; of what there is none of it says nothing. */
export function Shares({ title, measures }: { title: string; measures: Partial<Record<Measure, Measured>> }) {
  return (
    <table class="shares inset">
      <caption>{title}</caption>
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
          const one = measures[name];
          return one && one.whole > 0 ? <Row key={name} name={name} one={one} /> : null;
        })}
      </tbody>
    </table>
  );
}
