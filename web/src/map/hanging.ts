/** A camera dragged by its mark and turned by its handle; the map stays where it is meanwhile. */
import { effect } from "@preact/signals";
import type { Map as BaseMap, MapMouseEvent } from "maplibre-gl";
import type { Place } from "../api/types";
import type { Hanging } from "../desk/hanging";
import { handleOf } from "../desk/poses";
import { calm } from "./base";

const [NEAR_PX, DOCK_PX, CLOSE] = [16, 332, 16];
type Held = "mark" | "handle";
type Spot = { x: number; y: number };

/** Join a map to the camera that hangs otherwise; returns how to stop. */
export function followHanging(map: BaseMap, hanging: Hanging): () => void {
  let held: Held | null = null;
  const near = (place: Place, spot: Spot): boolean => {
    const at = map.project([place.lon, place.lat]);
    return Math.hypot(at.x - spot.x, at.y - spot.y) <= NEAR_PX;
  };
  function under(spot: Spot): Held | null {
    const pose = hanging.pose.peek();
    if (!pose) return null;
    if (near(handleOf(pose), spot)) return "handle";
    return near(pose.place, spot) ? "mark" : null;
  }
  function down(pressed: MapMouseEvent): void {
    if (pressed.originalEvent.button !== 0) return;
    held = under(pressed.point);
    if (!held) return;
    pressed.preventDefault();
    pressed.originalEvent.preventDefault();
  }
  function pointed(event: PointerEvent): void {
    if (!held) return;
    const box = map.getContainer().getBoundingClientRect();
    const { lng: lon, lat } = map.unproject([event.clientX - box.left, event.clientY - box.top]);
    if (held === "mark") hanging.move({ lon, lat });
    else hanging.turnTo({ lon, lat });
  }
  const up = () => (held = null);
  function over(at: MapMouseEvent): void {
    map.getContainer().classList.toggle("hanging", under(at.point) !== null);
  }
  /** The dock on the right leaves the camera in sight. */
  const stop = effect(() => {
    const camera = hanging.camera.value;
    if (!camera) return;
    const offset: [number, number] = [-Math.min(DOCK_PX, map.getContainer().clientWidth / 2) / 2, 0];
    const { lon, lat } = camera.place;
    map.easeTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), CLOSE), offset, duration: calm() ? 0 : 500 });
  });
  map.on("mousedown", down);
  map.on("mousemove", over);
  window.addEventListener("pointermove", pointed);
  window.addEventListener("pointerup", up);
  return () => {
    stop();
    map.off("mousedown", down).off("mousemove", over);
    window.removeEventListener("pointermove", pointed);
    window.removeEventListener("pointerup", up);
  };
}
