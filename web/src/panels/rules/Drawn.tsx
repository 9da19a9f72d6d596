/** Zones, lines with their arrows and masks over the picture; what is chosen has its corners. */
import type { Pixel } from "../../api/calibration";
import { say } from "../../words/words";
import { type Shape, same } from "./draft";
import { arrowOver, middle, sides } from "./outline";
import type { Work } from "./work";

const path = (points: readonly Pixel[]) => points.map(([x, y]) => `${x},${y}`).join(" ");

/** An arrow with a head of its own, as large as the picture asks. */
function Arrow({ from, to, unit }: { from: Pixel; to: Pixel; unit: number }) {
  const long = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  const [dx, dy] = [(1.4 * unit * (to[0] - from[0])) / long, (1.4 * unit * (to[1] - from[1])) / long];
  const head = `${to[0] - dx - 0.6 * dy},${to[1] - dy + 0.6 * dx} ${to[0]},${to[1]} ${to[0] - dx + 0.6 * dy},${to[1] - dy - 0.6 * dx}`;
  return (
    <g class="arrow">
      <line x1={from[0]} y1={from[1]} x2={to[0]} y2={to[1]} />
      <polyline points={head} />
    </g>
  );
}

/** Which way counts: over a line, both ways or one; along a lane from its first point to the second. */
function Ways({ shape, work, unit }: { shape: Shape; work: Work; unit: number }) {
  const { where, points } = shape;
  const rule = work.draft.value.rules[where.index];
  const [a, b] = points;
  if (where.setting === "way") return a && b ? <Arrow from={a} to={b} unit={unit} /> : null;
  const over = arrowOver(points, 8 * unit);
  if (!over) return null;
  const standard = rule?.function === "counting" ? "left_to_right" : "any"; // in is from the left to the right
  const way = rule?.settings?.direction ?? standard;
  return (
    <>
      {way !== "right_to_left" && <Arrow from={over[0]} to={over[1]} unit={unit} />}
      {way !== "left_to_right" && <Arrow from={over[1]} to={over[0]} unit={unit} />}
    </>
  );
}

function Corners({ shape, unit }: { shape: Shape; unit: number }) {
  return (
    <>
      {shape.closed &&
        sides(shape.points, true).map(([a, b], index) => {
          const [x, y] = middle(a, b);
          return <circle key={`side-${index}`} class="side" cx={x} cy={y} r={0.5 * unit} />;
        })}
      {shape.points.map(([x, y], index) => (
        <circle key={index} class="corner" cx={x} cy={y} r={0.8 * unit} />
      ))}
    </>
  );
}

/** The number of its rule, and what it is called. */
function nameOf({ where, look }: Shape, work: Work): string {
  if (where.part === "masks") return say("rules.mask_n", { n: where.index + 1 });
  const name = work.draft.value.rules[where.index]?.name;
  return look === "hidden" ? `${where.index + 1} ✕` : [where.index + 1, name].filter(Boolean).join(" ");
}

function Outline({ shape, work, unit }: { shape: Shape; work: Work; unit: number }) {
  const { points, closed, look, where } = shape;
  const held = same(where, work.active.value);
  const item = work.chosen.value;
  const own = item?.part === where.part && item.index === where.index;
  const [first] = points;
  if (!first || (held && work.drawing.value)) return null;
  return (
    <g class={`outline ${look} ${own ? "own" : ""} ${held ? "held" : ""}`}>
      {closed ? <polygon points={path(points)} /> : <polyline points={path(points)} />}
      {look === "line" && <Ways shape={shape} work={work} unit={unit} />}
      <text x={first[0] + unit} y={Math.max(first[1] - unit, 3 * unit)} font-size={2.6 * unit}>
        {nameOf(shape, work)}
      </text>
      {held && <Corners shape={shape} unit={unit} />}
    </g>
  );
}

/** All of it. */
export function Drawn({ work, unit }: { work: Work; unit: number }) {
  const drawing = work.drawing.value;
  return (
    <>
      <pattern id="rules-hatch" width={2 * unit} height={2 * unit} patternUnits="userSpaceOnUse">
        <path d={`M0 ${2 * unit}L${2 * unit} 0`} class="hatch" />
      </pattern>
      {work.shapes.value.map((shape) => (
        <Outline key={JSON.stringify(shape.where)} shape={shape} work={work} unit={unit} />
      ))}
      {drawing && (
        <g class="outline pending">
          <polyline points={path(drawing)} />
          {drawing.map(([x, y], index) => (
            <circle key={index} class="corner" cx={x} cy={y} r={0.8 * unit} />
          ))}
        </g>
      )}
    </>
  );
}
