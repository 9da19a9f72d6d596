/** The map beside the picture: the camera, its points, its rings and what it sees; a click is a point's place. */
import { effect } from "@preact/signals";
import type { Map as BaseMap, GeoJSONSource } from "maplibre-gl";
import type { MapDocument, MapLayer, Place } from "../../api/types";
import { openBase } from "../../map/base";
import { picture } from "../../map/symbols";
import { say } from "../../words/words";
import { doubted } from "./draft";
import type { Work } from "./work";

const ZOOM = 17.5;
const FONT = ["Noto Sans Regular"];
type Shape = { type: "Feature"; geometry: object; properties: Record<string, unknown> };

const shape = (type: string, coordinates: unknown, properties: Record<string, unknown> = {}): Shape => ({
  type: "Feature",
  geometry: { type, coordinates },
  properties,
});
const at = ({ lon, lat }: Place): [number, number] => [lon, lat];

/** Everything that is drawn over the ground, of the draft as it is now. */
export function shapesOf(work: Work): Shape[] {
  const drafted = work.drafted.value;
  const { marks, chosen, place } = work.draft.value;
  return [
    ...(drafted?.field.length ? [shape("Polygon", [drafted.field], { part: "field" })] : []),
    ...(drafted?.rings ?? []).flatMap(({ distance_m, places }) =>
      places.map((line) => shape("LineString", line, { part: "ring", text: say("distance.m", { n: distance_m }) })),
    ),
    ...marks.map((mark, index) =>
      shape("Point", at(mark.place), {
        part: "mark",
        text: `${index + 1}${doubted(drafted, index) ? " ⚠" : ""}`,
        chosen: index === chosen,
      }),
    ),
    ...(place ? [shape("Point", at(place), { part: "mark", text: "?", chosen: true })] : []),
    shape("Point", at(work.camera.place), { part: "camera" }),
  ];
}

const only = (part: string) => ["==", ["get", "part"], part];
const LOOKS = [
  { id: "field", type: "fill", filter: only("field"), paint: { "fill-color": "#7cc4ff", "fill-opacity": 0.14 } },
  {
    id: "ring",
    type: "line",
    filter: only("ring"),
    paint: { "line-color": "#ffc861", "line-width": 1.5, "line-dasharray": [3, 2] },
  },
  {
    id: "ring-text",
    type: "symbol",
    filter: only("ring"),
    layout: { "symbol-placement": "line", "text-field": ["get", "text"], "text-font": FONT, "text-size": 11 },
    paint: { "text-color": "#ffc861", "text-halo-color": "#0b0f14", "text-halo-width": 1.3 },
  },
  {
    id: "camera",
    type: "circle",
    filter: only("camera"),
    paint: {
      "circle-radius": 7,
      "circle-color": "#141b24",
      "circle-stroke-color": "#7cc4ff",
      "circle-stroke-width": 3,
    },
  },
  {
    id: "mark",
    type: "circle",
    filter: only("mark"),
    paint: {
      "circle-radius": ["case", ["get", "chosen"], 8, 5],
      "circle-color": "#0b0f14",
      "circle-stroke-color": "#ffffff",
      "circle-stroke-width": 2,
    },
  },
  {
    id: "mark-text",
    type: "symbol",
    filter: only("mark"),
    layout: {
      "text-field": ["get", "text"],
      "text-font": FONT,
      "text-size": 14,
      "text-offset": [0.9, -0.9],
      "text-allow-overlap": true,
    },
    paint: { "text-color": "#ffffff", "text-halo-color": "#0b0f14", "text-halo-width": 1.6 },
  },
];

/** Put it into an element; resolves when it stands, with how to take it away. */
export async function createCalibrationMap(
  element: HTMLElement,
  document: MapDocument,
  work: Work,
): Promise<() => void> {
  const shown = (layer: MapLayer) => layer.shown_at_start;
  const view = { centre: work.camera.place, zoom: ZOOM };
  const map: BaseMap = await openBase(element, document, { shown, view, title: say("calibration.map"), picture });
  map.getCanvas().style.cursor = "crosshair";
  map.addSource("calibration", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  for (const look of LOOKS) map.addLayer({ ...look, id: `calibration-${look.id}`, source: "calibration" } as never);
  map.on("click", ({ lngLat }) => work.clickPlace({ lon: lngLat.lng, lat: lngLat.lat }));
  const pressed = (event: KeyboardEvent) => {
    if (event.code !== "Enter" && event.code !== "Space") return;
    event.preventDefault();
    const { lng: lon, lat } = map.getCenter();
    work.clickPlace({ lon, lat });
  };
  map.getCanvas().addEventListener("keydown", pressed);
  const stop = effect(() => {
    const source = map.getSource("calibration") as GeoJSONSource | undefined;
    source?.setData({ type: "FeatureCollection", features: shapesOf(work) } as never);
  });
  Object.assign(globalThis, { qyranCalibration: map }); // for tests
  return () => {
    stop();
    map.remove();
  };
}
