/** The line over the map while something is drawn: what to do next, and the same with buttons. */
import { say } from "../../words/words";
import { useHouse } from "../house";
import { Key } from "../parts";

/** With a cross in the middle of the map, where Space sets a point. */
export function DrawBar() {
  const { drawing } = useHouse();
  const sketch = drawing.sketch.value;
  if (!sketch) return null;
  return (
    <>
      <span class="crosshair" aria-hidden="true" />
      <div class="draw float" role="group" aria-label={sketch.title}>
        <p role="status">
          <b>{sketch.title}</b> · {say("draw.points", { n: sketch.points.length })}
          <br />
          <span class="dim">{say("draw.how")}</span>
        </p>
        <span class="line">
          <button type="button" class="primary" disabled={!drawing.whole.value} onClick={drawing.finish}>
            {say("draw.finish")} <Key name="↵" />
          </button>
          <button type="button" disabled={sketch.points.length === 0} onClick={drawing.undo}>
            {say("draw.undo")} <Key name="⌫" />
          </button>
          <button type="button" onClick={drawing.cancel}>
            {say("cancel")} <Key name="Esc" />
          </button>
        </span>
      </div>
    </>
  );
}
