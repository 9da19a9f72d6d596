/** Closed roads: what holds and what is to come; draw one, change it, open it again. */
import { useSignal } from "@preact/signals";
import type { Closure } from "../../api/closures";
import { middleOf } from "../../desk/closing";
import { moment } from "../../words/formats";
import { say, sayOf } from "../../words/words";
import { useHouse } from "../house";

function Hours({ closure }: { closure: Closure }) {
  const { now } = useHouse();
  const until = closure.ends_at ? moment(closure.ends_at, now.value) : say("closure.until_opened");
  return (
    <span class="dim">
      {moment(closure.begins_at, now.value)} – {until} · {say("closure.roads", { n: closure.roads })}
    </span>
  );
}

function Acts({ closure }: { closure: Closure }) {
  const { closing, desk } = useHouse();
  const sure = useSignal(false);
  if (sure.value)
    return (
      <span class="acts">
        <button type="button" class="danger" disabled={desk.busy.value} onClick={() => void closing.end(closure)}>
          {say("closure.end_sure")}
        </button>
        <button type="button" class="quiet" onClick={() => (sure.value = false)}>
          {say("cancel")}
        </button>
      </span>
    );
  return (
    <span class="acts">
      {closure.kind !== "road" && (
        <>
          <button type="button" class="link" onClick={() => closing.change(closure)}>
            {say("closure.edit")}
          </button>
          <button
            type="button"
            class="link"
            onClick={() => void closing.draw(closure.shape.type === "LineString" ? "line" : "polygon", closure)}
          >
            {say("closure.redraw")}
          </button>
        </>
      )}
      <button type="button" class="link" onClick={() => (sure.value = true)}>
        {say(closure.state === "planned" ? "closure.call_off" : "closure.end")}
      </button>
    </span>
  );
}

function Row({ closure, may }: { closure: Closure; may: boolean }) {
  const { desk } = useHouse();
  return (
    <li class={`closure ${closure.state}`}>
      <button type="button" class="link strong" onClick={() => desk.flyTo(middleOf(closure.shape), 15)}>
        {closure.reason}
      </button>
      <span class="dim">
        {sayOf("closure.state", closure.state)} · {closure.road_name ?? closure.closed_by}
      </span>
      <Hours closure={closure} />
      {may && <Acts closure={closure} />}
    </li>
  );
}

/** What the button over the map opens. */
export function ClosureSheet({ close }: { close: () => void }) {
  const { desk, closing } = useHouse();
  const may = desk.may("closures.write");
  const list = closing.list.value;
  const draw = (kind: "line" | "polygon") => () => {
    close();
    void closing.draw(kind);
  };
  return (
    <>
      {may && (
        <p class="line inset">
          <button type="button" onClick={draw("line")}>
            {say("closure.draw_line")}
          </button>
          <button type="button" onClick={draw("polygon")}>
            {say("closure.draw_polygon")}
          </button>
        </p>
      )}
      {list.length === 0 && <p class="dim inset">{say("closure.none")}</p>}
      <ul>
        {list.map((closure) => (
          <Row key={closure.id} closure={closure} may={may} />
        ))}
      </ul>
    </>
  );
}
