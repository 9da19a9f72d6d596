/** How much of an area is seen by night, and of how much nobody knows. */
import type { AreaCoverage, Measure } from "../../api/coverage";
import { say, titleOf } from "../../words/words";

const MEASURES: Measure[] = ["ground_m2", "streets_m", "incidents", "accidents", "places", "schools", "addresses"];
const percent = (part: number, whole: number) =>
  part > 0 && 100 * part < whole ? "< 1" : Math.floor((100 * part) / whole);

export function Nights({ area }: { area: AreaCoverage | undefined }) {
  const rows = MEASURES.flatMap((name) => {
    const one = area?.measures[name];
    return one && one.whole > 0 ? [{ name, ...one }] : [];
  });
  if (!area || rows.length === 0) return null;
  return (
    <details class="inset">
      <summary>{say("coverage.nights")}</summary>
      <p class="dim">{say("coverage.nights_about")}</p>
      <table class="shares">
        <caption>{titleOf(area.area.name)}</caption>
        <thead>
          <tr>
            <th scope="col">{say("coverage.what")}</th>
            <th scope="col">{say("coverage.by_day")}</th>
            <th scope="col">{say("coverage.by_night")}</th>
            <th scope="col">{say("coverage.night_unknown")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.name}>
              <th scope="row">{say(`coverage.${one.name}`)}</th>
              <td>{percent(one.seen, one.whole)} %</td>
              <td>
                <b>{percent(one.night, one.whole)} %</b>
              </td>
              <td>{percent(one.night_unknown, one.whole)} %</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
