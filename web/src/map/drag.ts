/** A unit dragged to an incident: from the map or a list, to the map, a row of the queue or the open card. */
import { effect } from "@preact/signals";
import type { Map as BaseMap, MapMouseEvent } from "maplibre-gl";
import type { Place } from "../api/types";
import type { Hands } from "./map";
import { hovered } from "./pointer";

const [MOVED_PX, NEAR_PX] = [6, 24]; // a hand that shakes drags nothing; an incident's badge and a little around it
const ROW = "incident-";

type Spot = { x: number; y: number };
const apart = (a: Spot, b: Spot) => Math.hypot(a.x - b.x, a.y - b.y);

/** Join a map to what is dragged; returns how to stop. */
export function followDrag(map: BaseMap, { desk, fleet, rooms }: Hands): () => void {
  const { sending, drawing } = rooms;
  let held: (Spot & { unit_id: number }) | null = null;

  const inMap = ({ x, y }: Spot): Spot => {
    const box = map.getContainer().getBoundingClientRect();
    return { x: x - box.left, y: y - box.top };
  };
  /** The open incident whose badge is nearest, where one is near enough. */
  function onMap(spot: Spot): number | null {
    const near = [...desk.incidents.peek().values()]
      .map((incident) => ({ id: incident.id, px: apart(map.project([incident.place.lon, incident.place.lat]), spot) }))
      .filter((one) => one.px <= NEAR_PX);
    return near.sort((a, b) => a.px - b.px)[0]?.id ?? null;
  }
  function incidentAt(spot: Spot): number | null {
    const under = document.elementFromPoint(spot.x, spot.y);
    const row = under?.closest<HTMLElement>(`[data-row^="${ROW}"]`)?.dataset.row;
    if (row) return Number(row.slice(ROW.length));
    if (under?.closest(".card")) return desk.opened_id.peek();
    return under && map.getContainer().contains(under) ? onMap(inMap(spot)) : null;
  }
  function placeOf(unit_id: number): Place | null {
    const drawn = fleet.drawn(unit_id);
    return drawn ? { lon: drawn[0], lat: drawn[1] } : (desk.units.peek().get(unit_id)?.place ?? null);
  }
  function move(spot: Spot, unit_id: number): void {
    const { x, y } = inMap(spot);
    const { lng: lon, lat } = map.unproject([x, y]);
    sending.drag.value = { unit_id, from: placeOf(unit_id), at: { lon, lat }, over: incidentAt(spot) };
  }

  // ── from the map ──
  function down(pressed: MapMouseEvent): void {
    const over = hovered.peek();
    const idle = pressed.originalEvent.button === 0 && drawing.sketch.peek() === null && !desk.pointing.peek();
    if (over?.layer !== "units" || !idle || !desk.may("incidents.dispatch")) return;
    pressed.preventDefault(); // the map stays where it is
    pressed.originalEvent.preventDefault(); // and no text is selected on the way
    held = { x: pressed.originalEvent.clientX, y: pressed.originalEvent.clientY, unit_id: over.id };
  }
  function pointed(event: PointerEvent): void {
    const spot = { x: event.clientX, y: event.clientY };
    if (held && (sending.drag.peek() || apart(held, spot) > MOVED_PX)) move(spot, held.unit_id);
  }
  function up(): void {
    if (held && sending.drag.peek()) sending.drop();
    held = null;
  }
  /** The browser took the pointer; where it did so for a drag from a list, that one goes on. */
  function lost(): void {
    if (held) stopAll();
  }
  // ── from a list, which begins it by `sending.drag` ──
  function over(event: DragEvent): void {
    const drag = sending.drag.peek();
    if (!drag) return;
    move({ x: event.clientX, y: event.clientY }, drag.unit_id);
    if (sending.drag.peek()?.over) event.preventDefault(); // here it may be dropped
  }
  function dropped(event: DragEvent): void {
    if (!sending.drag.peek()) return;
    event.preventDefault();
    sending.drop();
  }
  const stopAll = () => {
    held = null;
    sending.drag.value = null;
  };
  function giveUp(event: KeyboardEvent): void {
    if (event.code !== "Escape" || !sending.drag.peek()) return;
    event.stopPropagation();
    stopAll();
  }
  map.on("mousedown", down);
  const heard = [
    ["pointermove", pointed],
    ["pointerup", up],
    ["pointercancel", lost],
    ["dragover", over],
    ["drop", dropped],
    ["dragend", stopAll],
  ] as [string, EventListener][];
  for (const [name, handler] of heard) document.addEventListener(name, handler);
  window.addEventListener("keydown", giveUp, { capture: true });
  const stopMarking = effect(() => mark(sending.drag.value?.over ?? null, desk.opened_id.value));
  return () => {
    stopMarking();
    map.off("mousedown", down);
    for (const [name, handler] of heard) document.removeEventListener(name, handler);
    window.removeEventListener("keydown", giveUp, { capture: true });
  };
}

/** Show in the lists where the unit would land. */
function mark(over: number | null, opened: number | null): void {
  for (const old of document.querySelectorAll(".drop-here")) old.classList.remove("drop-here");
  if (over === null) return;
  const row = document.querySelector(`[data-row="${ROW}${over}"]`);
  const card = over === opened ? document.querySelector(".card") : null;
  for (const place of [row, card]) place?.classList.add("drop-here");
}
