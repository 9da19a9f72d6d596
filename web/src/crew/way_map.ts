/** The small map: our own tiles, the route, where one goes and where one is. Loaded when it is first looked at. */
import "maplibre-gl/dist/maplibre-gl.css";
import type { Map as BaseMap, GeoJSONSource } from "maplibre-gl";
import type { LineString, MapDocument, MapLayer, Place } from "../api/types";
import { calm, openBase } from "../map/base";
import { circle } from "../map/ground";
import { picture } from "../map/symbols";
import { boxOf } from "./ways";

export type Own = Place & { accuracy_m: number };
export type Drawn = { route: LineString | null; target: Place; own: Own | null };
export type WayMap = { draw: (drawn: Drawn) => void; whole: () => void; me: () => void; remove: () => void };

/** The ground, and nothing that moves: other units are not the crew's to see here. */
const isGround = (layer: MapLayer) => layer.live === "never" && layer.shown_at_start;
const CLOSE_ZOOM = 15.5;

type Shape = { type: "LineString" | "Point" | "Polygon"; coordinates: unknown };
const features = (...shapes: (Shape | null)[]) =>
  ({
    type: "FeatureCollection",
    features: shapes
      .filter((shape) => shape !== null)
      .map((geometry) => ({ type: "Feature", properties: {}, geometry })),
  }) as Parameters<GeoJSONSource["setData"]>[0];
const point = (place: Place): Shape => ({ type: "Point", coordinates: [place.lon, place.lat] });

function addMarks(map: BaseMap): void {
  for (const name of ["route", "target", "own", "around"])
    map.addSource(name, { type: "geojson", data: features() as never });
  const line = { layout: { "line-cap": "round", "line-join": "round" } as const };
  map.addLayer({
    id: "route-edge",
    type: "line",
    source: "route",
    ...line,
    paint: { "line-color": "#08131d", "line-width": 10 },
  });
  map.addLayer({
    id: "route",
    type: "line",
    source: "route",
    ...line,
    paint: { "line-color": "#7cc4ff", "line-width": 6 },
  });
  map.addLayer({
    id: "around",
    type: "fill",
    source: "around",
    paint: { "fill-color": "#7cc4ff", "fill-opacity": 0.18 },
  });
  const ring = { "circle-stroke-color": "#08131d", "circle-stroke-width": 3 };
  map.addLayer({
    id: "target",
    type: "circle",
    source: "target",
    paint: { "circle-radius": 11, "circle-color": "#ff4d4f", ...ring },
  });
  map.addLayer({
    id: "own",
    type: "circle",
    source: "own",
    paint: { "circle-radius": 9, "circle-color": "#f4f7fb", ...ring },
  });
}

/** Put the map into an element; resolves when its style stands. */
export async function createWayMap(element: HTMLElement, document: MapDocument): Promise<WayMap> {
  const map = await openBase(element, document, { shown: isGround, picture });
  addMarks(map);
  Object.assign(globalThis, { qyranWayMap: map }); // for the console, and for tests
  return handle(map);
}

function handle(map: BaseMap): WayMap {
  let last: Drawn | null = null;
  let touched = false;
  map.on("dragstart", () => (touched = true));
  const set = (name: string, data: ReturnType<typeof features>) => map.getSource<GeoJSONSource>(name)?.setData(data);

  function whole(): void {
    if (!last) return;
    const { route, target, own } = last;
    const ends: [number, number][] = [
      [target.lon, target.lat],
      ...(own ? [[own.lon, own.lat] as [number, number]] : []),
    ];
    const box = boxOf([...ends, ...(route?.coordinates ?? [])]);
    if (box) map.fitBounds(box, { padding: 44, maxZoom: CLOSE_ZOOM, duration: calm() ? 0 : 400 });
    touched = false;
  }

  function draw(drawn: Drawn): void {
    const moved = last?.target.lon !== drawn.target.lon || last?.target.lat !== drawn.target.lat;
    const other = moved || last?.route !== drawn.route || Boolean(last?.own) !== Boolean(drawn.own);
    last = drawn;
    const { route, target, own } = drawn;
    set("route", features(route));
    set("target", features(point(target)));
    set("own", features(own && point(own)));
    set("around", features(own && { type: "Polygon", coordinates: [circle(own, own.accuracy_m)] }));
    if (other && !touched) whole();
  }

  function me(): void {
    if (last?.own) map.easeTo({ center: [last.own.lon, last.own.lat], zoom: CLOSE_ZOOM, duration: calm() ? 0 : 400 });
  }
  return { draw, whole, me, remove: () => map.remove() };
}
