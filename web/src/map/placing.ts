/** The map's part in planning cameras: the held one is dragged and turned, two plans lie left and right of a line. */
import { effect } from "@preact/signals";
import type { Map as BaseMap, MapMouseEvent } from "maplibre-gl";
import type { Polygons, Side } from "../api/placement";
import type { Placing } from "../desk/placing";

const NEAR_PX = 16;
export const SIDES = ["#ffb454", "#7cc4ff"] as const;
type Spot = { x: number; y: number };

/** The heading from one spot of the map to another, degrees from north, on a map that is turned by its bearing. */
export const headingTo = (from: Spot, to: Spot, bearing: number): number =>
  ((Math.atan2(to.x - from.x, from.y - to.y) * 180) / Math.PI + bearing + 720) % 360;

/** Join a map to what is planned; returns how to stop. */
export function followPlacing(map: BaseMap, placing: Placing): () => void {
  const stops = [followHeld(map, placing), followSides(map, placing)];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Dragging the held camera moves it; with Shift it turns to where the pointer is. */
function followHeld(map: BaseMap, placing: Placing): () => void {
  let dragged = false;
  const spot = (): Spot | null => {
    const held = placing.trial.peek();
    return held && map.project([held.hangs.place.lon, held.hangs.place.lat]);
  };
  function down(pressed: MapMouseEvent): void {
    const at = spot();
    if (!at || pressed.originalEvent.button !== 0) return;
    if (!pressed.originalEvent.shiftKey && Math.hypot(at.x - pressed.point.x, at.y - pressed.point.y) > NEAR_PX) return;
    pressed.preventDefault(); // the map stays where it is
    dragged = true;
  }
  function move(moved: MapMouseEvent): void {
    const at = dragged ? spot() : null;
    if (!at) return;
    if (moved.originalEvent.shiftKey) placing.hang({ heading_deg: headingTo(at, moved.point, map.getBearing()) });
    else placing.hang({ place: { lon: moved.lngLat.lng, lat: moved.lngLat.lat } });
  }
  const up = () => {
    dragged = false;
  };
  map.on("mousedown", down);
  map.on("mousemove", move);
  map.on("mouseup", up);
  return () => {
    map.off("mousedown", down).off("mousemove", move).off("mouseup", up);
  };
}

/** What the first two plans see, the one left of the line, the other right of it. */
function followSides(map: BaseMap, placing: Placing): () => void {
  const canvas = document.createElement("canvas");
  canvas.className = "sides";
  canvas.setAttribute("aria-hidden", "true");
  map.getContainer().append(canvas);
  function draw(): void {
    const sides = placing.open.peek() ? placing.sides.peek() : [];
    const { clientWidth: width, clientHeight: height } = map.getContainer();
    canvas.hidden = sides.length < 2;
    if (canvas.hidden) return;
    Object.assign(canvas, { width, height }); // it is empty then
    const brush = canvas.getContext("2d");
    const line = (width * placing.split.peek()) / 100;
    if (!brush) return;
    half(brush, map, sides[0], SIDES[0], 0, line, height);
    half(brush, map, sides[1], SIDES[1], line, width - line, height);
  }
  map.on("move", draw);
  map.on("resize", draw);
  const stop = effect(() => {
    void [placing.open.value, placing.sides.value, placing.split.value];
    draw();
  });
  return () => {
    stop();
    map.off("move", draw).off("resize", draw);
    canvas.remove();
  };
}

function half(
  brush: CanvasRenderingContext2D,
  map: BaseMap,
  side: Side | undefined,
  colour: string,
  left: number,
  width: number,
  height: number,
): void {
  if (!side) return;
  brush.save();
  brush.beginPath();
  brush.rect(left, 0, width, height);
  brush.clip();
  brush.beginPath();
  for (const ring of ringsOf(side.seen)) {
    ring.forEach(([lon, lat], n) => {
      const { x, y } = map.project([lon, lat]);
      if (n) brush.lineTo(x, y);
      else brush.moveTo(x, y);
    });
    brush.closePath();
  }
  brush.fillStyle = `${colour}66`;
  brush.strokeStyle = colour;
  brush.fill("evenodd");
  brush.stroke();
  brush.restore();
}

/** The rings of a shape, whatever it is made of. */
export const ringsOf = (shape: Polygons) => (shape.type === "Polygon" ? shape.coordinates : shape.coordinates.flat());
