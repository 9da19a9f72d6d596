/** One thing that is drawn: whether it stands in the picture, and how to draw it anew. */
import { say } from "../../words/words";
import { type Shape, same, withPoints, withSetting } from "./draft";
import { crossesItself } from "./outline";
import type { Work } from "./work";

type Props = { work: Work; shape: Shape; called: string; may: boolean; optional?: boolean; remove?: () => void };

function standing({ points, closed }: Shape, optional: boolean): string {
  if (points.length === 0) return say(optional ? "rules.whole_picture" : "rules.undrawn");
  return closed ? say("rules.corners", { n: points.length }) : say("rules.drawn_line");
}

/** What is to be done now that it is being drawn. */
function Drawing({ work, closed }: { work: Work; closed: boolean }) {
  return (
    <p class="next" role="status">
      {say(closed ? "rules.drawing_zone" : "rules.drawing_line")}{" "}
      <button type="button" onClick={() => (work.drawing.value = null)}>
        {say("rules.stop_drawing")}
      </button>
    </p>
  );
}

/** A line of the form. */
export function Region({ work, shape, called, may, optional = false, remove }: Props) {
  const { where, points, closed } = shape;
  const held = same(where, work.active.value);
  const none = points.length === 0;
  const clear = () =>
    where.setting === undefined
      ? work.take(withPoints(work.draft.peek(), where, []))
      : work.take(withSetting(work.draft.peek(), where.index, where.setting, undefined));
  return (
    <div class="region" role="group" aria-label={called}>
      <p>
        <b>{called}</b> <span class={none && !optional ? "doubt" : "dim"}>{standing(shape, optional)}</span>
      </p>
      {closed && crossesItself(points) && <p class="doubt">⚠ {say("rules.crossing_itself")}</p>}
      {may && (
        <p class="acts">
          {!none && (
            <button type="button" aria-pressed={held && !work.drawing.value} onClick={() => work.hold(where)}>
              {say("rules.hold")}
            </button>
          )}
          <button type="button" aria-pressed={held && !!work.drawing.value} onClick={() => work.draw(where)}>
            {say(none ? "rules.draw" : "rules.draw_again")}
          </button>
          {optional && !none && (
            <button type="button" onClick={clear}>
              {say("rules.clear")}
            </button>
          )}
          {remove && (
            <button type="button" class="icon" aria-label={`${called}: ${say("plans.remove")}`} onClick={remove}>
              ✕
            </button>
          )}
        </p>
      )}
      {held && work.drawing.value && <Drawing work={work} closed={closed} />}
    </div>
  );
}
