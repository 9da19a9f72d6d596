/** The picture: points in it, the horizon and the rings over it. A click or Enter at the cross is a point's pixel. */
import { useSignal } from "@preact/signals";
import type { Line, Pixel } from "../../api/calibration";
import { say } from "../../words/words";
import { useHouse } from "../house";
import { Cross, Ground, Taken } from "../picture/Ground";
import { doubted, within } from "./draft";
import type { Work } from "./work";

const STEPS: Record<string, Pixel> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const WIDE_STEP = 10;
const path = (line: Line) => line.map(([x, y]) => `${x},${y}`).join(" ");

/** Horizon and rings; each ring says its distance where it begins. */
function Drawn({ work, unit }: { work: Work; unit: number }) {
  const drafted = work.drafted.value;
  return (
    <>
      {drafted?.horizon.map((line) => (
        <polyline key={path(line)} class="horizon" points={path(line)} />
      ))}
      {drafted?.rings.map(({ distance_m, pixels }) =>
        pixels.map((line, piece) => {
          const [x, y] = line[Math.floor(line.length / 2)] ?? [0, 0];
          return (
            <g key={`${distance_m}-${piece}`} class="ring">
              <polyline points={path(line)} />
              <text x={x} y={y - 0.4 * unit} font-size={2.4 * unit}>
                {say("distance.m", { n: distance_m })}
              </text>
            </g>
          );
        }),
      )}
    </>
  );
}

function Marks({ work, unit }: { work: Work; unit: number }) {
  const { marks, chosen, pixel } = work.draft.value;
  return (
    <>
      {marks.map(({ pixel: [x, y] }, index) => {
        const bad = doubted(work.drafted.value, index);
        return (
          <g key={index} class={`mark ${bad ? "bad" : ""} ${index === chosen ? "chosen" : ""}`}>
            <circle cx={x} cy={y} r={unit * 0.7} />
            {bad && (
              <path d={`M${x - unit} ${y - unit}l${2 * unit} ${2 * unit}m0 ${-2 * unit}l${-2 * unit} ${2 * unit}`} />
            )}
            <text x={x + unit} y={y - unit * 0.6} font-size={3 * unit}>
              {index + 1}
            </text>
          </g>
        );
      })}
      {pixel && <circle class="mark pending" cx={pixel[0]} cy={pixel[1]} r={unit * 0.9} />}
    </>
  );
}

/** The pane; without a picture the horizon and the rings still stand in its frame. */
export function PicturePane({ work }: { work: Work }) {
  const { now } = useHouse();
  const size = work.size.value;
  const cross = useSignal<Pixel | null>(null);
  const picture = work.picture.value;
  if (!size) return <p class="empty">{say("calibration.no_picture")}</p>;
  const unit = size[0] / 100;

  function pixelOf(svg: SVGSVGElement, event: MouseEvent): Pixel {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM()?.inverse());
    return within([Math.round(at.x * 10) / 10, Math.round(at.y * 10) / 10], size as Pixel);
  }
  function pressed(event: KeyboardEvent): void {
    const at = cross.peek() ?? ([(size as Pixel)[0] / 2, (size as Pixel)[1] / 2] as Pixel);
    const step = STEPS[event.code];
    if (step) {
      const by = event.shiftKey ? 1 : WIDE_STEP;
      cross.value = within([at[0] + by * step[0], at[1] + by * step[1]], size as Pixel);
    } else if (event.code === "Enter" || event.code === "Space") work.clickPixel(at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  return (
    <div
      class="shot"
      role="application"
      aria-label={say("calibration.picture")}
      aria-describedby="calibration-keys"
      tabIndex={0}
      onKeyDown={pressed}
      onFocus={() => (cross.value ??= [size[0] / 2, size[1] / 2])}
    >
      <svg
        viewBox={`0 0 ${size[0]} ${size[1]}`}
        aria-hidden="true"
        onClick={(clicked) => work.clickPixel(pixelOf(clicked.currentTarget, clicked))}
      >
        <Ground size={size} picture={picture} />
        <Drawn work={work} unit={unit} />
        <Marks work={work} unit={unit} />
        <Cross at={cross.value} unit={unit} />
      </svg>
      <Taken picture={picture} now_ms={now.value} />
      <span class="unseen" role="status">
        {cross.value && say("calibration.cross", { x: Math.round(cross.value[0]), y: Math.round(cross.value[1]) })}
      </span>
    </div>
  );
}
