/** The pointer and the view: what lies under the one, and what the other shows. */
import type { PickingInfo } from "@deck.gl/core";
import type { MapLibreOverlay } from "@deck.gl/maplibre";
import { signal } from "@preact/signals";
import type { Map as BaseMap, MapMouseEvent } from "maplibre-gl";
import type { Feature } from "../api/types";
import type { Columns } from "./live_data";
import type { Hands } from "./map";

export type Hovered = { x: number; y: number; layer: string; id: number; properties: Record<string, unknown> };

/** What the pointer is over, for the hover card. */
export const hovered = signal<Hovered | null>(null);

/** Tell the desk what is looked at and clicked; returns how to stop. */
export function listen(map: BaseMap, overlay: MapLibreOverlay, hands: Hands): () => void {
  function tell(): void {
    const { lng: lon, lat } = map.getCenter();
    hands.desk.view.value = { centre: { lon, lat }, zoom: map.getZoom() };
    hands.rooms.slicing.bounds.value = map.getBounds().toArray().flat() as [number, number, number, number];
    hands.looked(map.getBounds().toArray().flat());
  }
  map.on("moveend", tell);
  tell();
  const inTiles = (point: { x: number; y: number }): Hovered | null => {
    const parts = map.getStyle().layers.filter((part) => "source" in part && part.source === "cameras");
    const found = map.queryRenderedFeatures([point.x, point.y], { layers: parts.map((part) => part.id) })[0];
    return found
      ? { ...point, layer: found.source, id: Number(found.id ?? found.properties.id), properties: found.properties }
      : null;
  };
  overlay.setProps({
    onHover: (info: PickingInfo) => {
      const over = picked(info) ?? inTiles(info);
      hovered.value = over;
      map.getCanvas().style.cursor = hands.desk.pointing.peek() ? "crosshair" : over ? "pointer" : "";
    },
    onClick: (info: PickingInfo) => {
      if (hands.rooms.drawing.sketch.peek()) return; // the click is a point of it
      if (hands.rooms.hanging.pose.peek()) return; // the hand that drags one camera chooses no other
      const [lon, lat] = info.coordinate ?? [];
      const pointing = hands.desk.pointing.peek();
      if (pointing && lon !== undefined && lat !== undefined) return pointing({ lon, lat });
      const over = picked(info) ?? inTiles(info);
      if (over) choose(hands, over);
    },
  });
  const seek = ({ lngLat }: MapMouseEvent) => {
    if (!hands.rooms.drawing.sketch.peek()) void hands.rooms.sighting.ask({ lon: lngLat.lng, lat: lngLat.lat });
  };
  map.on("contextmenu", seek);
  map.on("mouseout", () => (hovered.value = null));
  return () => map.off("moveend", tell).off("contextmenu", seek);
}

/** What deck.gl picked, as a layer's feature. */
function picked(info: PickingInfo): Hovered | null {
  if (!info.picked || !info.layer) return null;
  const layer = info.layer.id.split(":")[0] ?? "";
  const columns = info.layer.props.data as Partial<Columns> | undefined;
  const feature = info.object as Feature | undefined;
  const id = feature ? Number(feature.id) : columns?.unit_ids?.[info.index];
  return id === undefined || layer === "mark"
    ? null
    : { x: info.x, y: info.y, layer, id, properties: feature?.properties ?? {} };
}

/** A click on the map does what a click in the list does. */
function choose({ desk }: Hands, over: Hovered): void {
  if (over.layer === "cameras") desk.camera_id.value = desk.camera_id.value === over.id ? null : over.id;
  if (over.layer === "incidents") desk.openIncident(over.id, false);
  if (over.layer === "events" || over.layer === "units") {
    desk.tab.value = over.layer;
    desk.select({ kind: over.layer === "events" ? "event" : "unit", id: over.id }, false);
  }
}
