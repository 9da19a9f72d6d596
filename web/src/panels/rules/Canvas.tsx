/** The picture with what is drawn in it; a mouse drags it, and a cross does the same for the keyboard. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Pixel } from "../../api/calibration";
import { say } from "../../words/words";
import { useHouse } from "../house";
import { Cross, Ground, Taken } from "../picture/Ground";
import { Drawn } from "./Drawn";
import { same, withPoints } from "./draft";
import { pressed } from "./keys";
import { dragged, type Grip, gripOf, holds } from "./outline";
import type { Work } from "./work";

const NEAR_PX = 10; // of the screen: as near as a hand aims

type Drag = { grip: Grip; from: Pixel; points: readonly Pixel[]; begun: boolean };

/** Hand back how the pointer draws and drags. */
function usePointer(work: Work, may: boolean) {
  const drag = useRef<Drag | null>(null);

  function at(event: MouseEvent & { currentTarget: SVGSVGElement }): { pixel: Pixel; near: number } {
    const matrix = event.currentTarget.getScreenCTM();
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix?.inverse());
    return { pixel: [point.x, point.y], near: NEAR_PX / (matrix?.a || 1) };
  }
  const held = () => work.shapes.value.find(({ where }) => same(where, work.active.value));
  /** The last one that is drawn lies on top. */
  const under = (pixel: Pixel, near: number) =>
    work.shapes.value.findLast(({ points, closed }) => holds(points, closed, pixel, near));

  function down(event: PointerEvent & { currentTarget: SVGSVGElement }): void {
    if (event.button !== 0) return;
    const { pixel, near } = at(event);
    if (work.drawing.value) {
      work.touch(pixel, near);
      return;
    }
    const own = held();
    const grip = own && may && !work.isFixed(own.where) ? gripOf(own.points, own.closed, pixel, near) : null;
    if (own && grip) {
      drag.current = { grip, from: pixel, points: own.points, begun: false };
      event.currentTarget.setPointerCapture?.(event.pointerId);
      return;
    }
    const other = under(pixel, near);
    if (other) work.hold(other.where);
  }
  function move(event: PointerEvent & { currentTarget: SVGSVGElement }): void {
    const [now, where, size] = [drag.current, work.active.value, work.size.value];
    if (!now || !where || !size) return;
    const { pixel, near } = at(event);
    if (!now.begun && Math.hypot(pixel[0] - now.from[0], pixel[1] - now.from[1]) < near / 3) return; // a click
    const points = dragged(now.points, now.grip, now.from, pixel, size);
    work.take(withPoints(work.draft.peek(), where, points), !now.begun);
    now.begun = true;
  }
  const up = () => {
    drag.current = null;
  };
  return { down, move, up };
}

/** The pane; without a picture its frame stands, where the camera's size is known. */
export function Canvas({ work, may }: { work: Work; may: boolean }) {
  const { now } = useHouse();
  const cross = useSignal<Pixel | null>(null);
  const corner = useSignal<number | null>(null);
  const pointer = usePointer(work, may);
  const [size, picture] = [work.size.value, work.picture.value];
  if (!size) return <p class="empty">{say("calibration.no_picture")}</p>;
  const unit = size[0] / 100;
  const told = [
    cross.value && say("rules.at", { x: Math.round(cross.value[0]), y: Math.round(cross.value[1]) }),
    corner.value !== null && say("rules.held", { n: corner.value + 1 }),
  ];
  return (
    <div
      class={`shot ${work.drawing.value ? "drawing" : ""}`}
      role="application"
      aria-label={say("rules.picture")}
      aria-describedby="rules-keys"
      tabIndex={0}
      onKeyDown={(event) => pressed(event, { work, cross, corner, size, near: 1.5 * unit, may })}
      onFocus={() => (cross.value ??= [size[0] / 2, size[1] / 2])}
      onBlur={() => (corner.value = null)}
    >
      <svg
        viewBox={`0 0 ${size[0]} ${size[1]}`}
        aria-hidden="true"
        onPointerDown={pointer.down}
        onPointerMove={pointer.move}
        onPointerUp={pointer.up}
        onPointerCancel={pointer.up}
      >
        <Ground size={size} picture={picture} />
        <Drawn work={work} unit={unit} />
        <Cross at={cross.value} unit={unit} />
      </svg>
      <Taken picture={picture} now_ms={now.value} />
      <span class="unseen" role="status">
        {told.filter(Boolean).join(", ")}
      </span>
    </div>
  );
}
