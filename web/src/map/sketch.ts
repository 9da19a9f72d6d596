/** Drawing with the map: a click or Space sets a point, Enter ends it, Backspace takes one back, Esc gives up. */
import { effect } from "@preact/signals";
import type { Map as BaseMap, MapMouseEvent } from "maplibre-gl";
import type { Drawing } from "../desk/drawing";

const place = (at: { lng: number; lat: number }) => ({ lon: at.lng, lat: at.lat });

/** Whether what has the keyboard has its own use for a key: a field for all, a button for being pressed. */
function keeps(target: EventTarget | null, code: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches("input, textarea, select")) return true;
  return target.matches("button, a, summary") && (code === "Enter" || code === "Space");
}

/** Join a map to the drawing; returns how to stop. */
export function followSketch(map: BaseMap, drawing: Drawing): () => void {
  const drawn = () => drawing.sketch.peek() !== null;
  function click(at: MapMouseEvent): void {
    if (drawn()) drawing.add(place(at.lngLat));
  }
  function twice(at: MapMouseEvent): void {
    if (!drawn()) return;
    at.preventDefault(); // no zoom
    drawing.finish();
  }
  function move(at: MapMouseEvent): void {
    if (drawn()) drawing.pointer.value = place(at.lngLat);
  }
  /** The keyboard's next point is the middle of the map. */
  function aim(): void {
    if (drawn()) drawing.pointer.value = place(map.getCenter());
  }
  const actions: Record<string, () => void> = {
    Space: () => drawing.add(place(map.getCenter())),
    Enter: drawing.finish,
    Backspace: drawing.undo,
    Escape: drawing.cancel,
  };
  function press(pressed: KeyboardEvent): void {
    const action = actions[pressed.code];
    if (!action || !drawn() || keeps(pressed.target, pressed.code) || document.querySelector("dialog[open]")) return;
    pressed.preventDefault();
    pressed.stopPropagation(); // the desk's own keys rest meanwhile
    action();
  }
  map.on("click", click);
  map.on("dblclick", twice);
  map.on("mousemove", move);
  map.on("move", aim);
  window.addEventListener("keydown", press, { capture: true });
  const stop = effect(() => {
    const on = drawing.sketch.value !== null;
    map.getContainer().classList.toggle("sketching", on);
    if (on && !map.getContainer().contains(document.activeElement)) map.getCanvas().focus({ preventScroll: true });
  });
  return () => {
    stop();
    window.removeEventListener("keydown", press, { capture: true });
    map.off("click", click).off("dblclick", twice).off("mousemove", move).off("move", aim);
  };
}
