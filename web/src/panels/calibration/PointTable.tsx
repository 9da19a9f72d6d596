/** The points with how far the others put each from its place; one is chosen to be moved, or taken away. */
import { decimal } from "../../words/formats";
import { say } from "../../words/words";
import { choose, doubted, remove } from "./draft";
import type { Work } from "./work";

/** Metres as the table says them: to the centimetre where that is little. */
export const metres = (value: number | null | undefined) =>
  value == null ? "—" : say("calibration.metres", { m: decimal(value, value < 10 ? 2 : 0) });

function Row({ work, index }: { work: Work; index: number }) {
  const { draft, drafted } = work;
  const mark = draft.value.marks[index];
  const bad = doubted(drafted.value, index);
  if (!mark) return null;
  return (
    <tr class={bad ? "bad" : ""}>
      <th scope="row">{index + 1}</th>
      <td>
        {Math.round(mark.pixel[0])}, {Math.round(mark.pixel[1])}
      </td>
      <td class="number">
        {metres(drafted.value?.points[index]?.residual_m)}
        {bad && (
          <span class="doubt">
            {" "}
            <span aria-hidden="true">⚠</span> {say("calibration.doubted")}
          </span>
        )}
      </td>
      <td class="acts">
        <button
          type="button"
          aria-pressed={draft.value.chosen === index}
          onClick={() => (draft.value = choose(draft.value, index))}
        >
          {say("calibration.move")}
        </button>
        <button
          type="button"
          aria-label={say("calibration.remove", { n: index + 1 })}
          title={say("calibration.remove", { n: index + 1 })}
          onClick={() => (draft.value = remove(draft.value, index))}
        >
          ✕
        </button>
      </td>
    </tr>
  );
}

export function PointTable({ work }: { work: Work }) {
  const marks = work.draft.value.marks;
  const drafted = work.drafted.value;
  if (marks.length === 0) return null;
  return (
    <table class="points">
      <thead>
        <tr>
          <th scope="col">{say("calibration.point")}</th>
          <th scope="col">{say("calibration.pixel")}</th>
          <th scope="col">{say("calibration.off")}</th>
          <th scope="col">
            <span class="unseen">{say("calibration.acts")}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {marks.map((_, index) => (
          <Row key={index} work={work} index={index} />
        ))}
      </tbody>
      {drafted?.median_m != null && (
        <caption>
          {say("calibration.residuals", { median: metres(drafted.median_m), p95: metres(drafted.p95_m) })}
        </caption>
      )}
    </table>
  );
}
