/** The map itself: the base from the document, what is live above it, and the ways between map and desk. */
import type { Layer } from "@deck.gl/core";
import type { MapLibreOverlay } from "@deck.gl/maplibre";
import { effect } from "@preact/signals";
import type { Map as BaseMap } from "maplibre-gl";
import type { Feature, MapDocument, MapLayer } from "../api/types";
import type { Desk } from "../desk/desk";
import type { Rooms } from "../desk/rooms";
import type { Fleet } from "../live/fleet";
import { language, say } from "../words/words";
import { calm, openBase } from "./base";
import { type DeckPart, deckParts, overlayOn, unsaid } from "./deck_layers";
import { followDrag } from "./drag";
import { followHanging } from "./hanging";
import { type Columns, columnsFor, rowsFor } from "./live_data";
import { marksAbove, marksBelow } from "./marks";
import { followPlacing } from "./placing";
import { hovered, listen } from "./pointer";
import { followPurpose } from "./purpose";
import { watchRooms } from "./room_marks";
import { followSketch } from "./sketch";
import { isTiles, styleLayers, tileUrl } from "./style";
import { watchSurvey } from "./survey_marks";
import { picture } from "./symbols";

type Shown = (layer: MapLayer) => boolean;
/** What the map is handed. */
export type Hands = {
  desk: Desk;
  fleet: Fleet;
  rooms: Rooms;
  now_ms: () => number;
  shown: Shown;
  looked: (bbox: number[]) => void;
};

const FRAME_MS = 40;
const TILE_REST_MS = 2000;

/** Put a map into an element; resolves when its style stands. Returns how to take it away again. */
export async function createMap(element: HTMLElement, document: MapDocument, hands: Hands): Promise<() => void> {
  const view = hands.desk.view.peek(); // somebody came back to where they were
  const map = await openBase(element, document, { shown: hands.shown, view, title: say("map.title"), picture });
  const overlay = overlayOn(map, { onLoad: () => leaveOut(element) }); // the keyboard moves the map itself
  const stops = [
    drawLive(map, overlay, document, hands),
    listen(map, overlay, hands),
    followDrag(map, hands),
    followHanging(map, hands.rooms.hanging),
    followSketch(map, hands.rooms.drawing),
    followTiles(map, document, hands),
    followPurpose(map, document, hands.rooms.surveying.purpose),
    followPlacing(map, hands.rooms.placing),
    followFlights(map, hands.desk),
  ];
  Object.assign(globalThis, { qyranMap: map }); // for the console, and for tests that click a place
  return () => {
    for (const stop of stops) stop();
    hovered.value = null;
    map.remove();
  };
}

/** Take deck.gl's canvas, which does nothing with keys, out of the Tab order. */
function leaveOut(element: HTMLElement): void {
  for (const canvas of element.querySelectorAll<HTMLElement>("canvas:not(.maplibregl-canvas)")) canvas.tabIndex = -1;
}

/** Zoom by steps, or to the whole area: the map's own buttons. */
export function zoomMap(by: number | MapDocument["bounds"]): void {
  const map = (globalThis as { qyranMap?: BaseMap }).qyranMap;
  if (typeof by === "number") map?.zoomTo(map.getZoom() + by, { duration: calm() ? 0 : 250 });
  else map?.fitBounds(by, { padding: 24, duration: calm() ? 0 : 700 });
}

// ── what is live: a picture is drawn when something moved, and while units glide ──
function drawLive(map: BaseMap, overlay: MapLibreOverlay, document: MapDocument, hands: Hands): () => void {
  const { desk, fleet } = hands;
  const parts = deckParts(document.layers);
  const sources = liveSources(hands);
  let [dirty, drawn_ms, rest_ms, frame] = [true, 0, FRAME_MS, 0];
  function ask(): void {
    dirty = true;
    frame ||= requestAnimationFrame(draw); // a page on which nothing happens asks for no frames
  }
  const stopWatching = effect(() => {
    // whatever is read here asks for a new picture when it changes
    void [desk.rows.value, desk.units.value, desk.selected.value, desk.opened.value, desk.past.value];
    void [desk.cameras.value, desk.camera_id.value];
    void [
      desk.proposals.value,
      desk.hovered_unit.value,
      desk.chosen_units.value,
      desk.events.value,
      desk.incidents.value,
      fleet.stirred.value,
    ];
    watchRooms(hands.rooms);
    watchSurvey(hands.rooms);
    for (const layer of document.layers) hands.shown(layer);
    ask();
  });
  const ageing = window.setInterval(ask, 1000); // units fade as their fixes age
  function draw(now: number): void {
    const rests = now - drawn_ms < rest_ms;
    const moves = !rests && fleet.glide(calm() ? Number.POSITIVE_INFINITY : now);
    frame = rests || moves ? requestAnimationFrame(draw) : 0;
    if (rests || !(moves || dirty)) return;
    [dirty, drawn_ms] = [false, now];
    const layers = parts.map((part) => part.base.clone({ ...sources.dataOf(part), visible: hands.shown(part.layer) }));
    overlay.setProps({ layers: [...marksBelow(hands), ...(layers as Layer[]), ...marksAbove(hands)] });
    rest_ms = Math.max(FRAME_MS, 3 * (performance.now() - now)); // a slow machine draws less often, and still answers
  }
  map.once("remove", () => cancelAnimationFrame(frame));
  return () => {
    cancelAnimationFrame(frame);
    window.clearInterval(ageing);
    stopWatching();
  };
}

/** The data of each part: the same array while the rows are the same, so that deck.gl recomputes only what changed. */
function liveSources(hands: Hands) {
  const kept = new Map<DeckPart, { rows: Map<number, Feature>; features: Feature[] }>();
  function features(part: DeckPart): Feature[] {
    const rows = hands.desk.rows.peek()[part.layer.name] ?? new Map<number, Feature>();
    const last = kept.get(part);
    if (last?.rows === rows) return last.features;
    const made = rowsFor(rows.values(), part.live?.where ?? []);
    kept.set(part, { rows, features: made });
    return made;
  }
  function dataOf(part: DeckPart): { data?: Feature[] | Columns } {
    if (!part.live) return {};
    if (part.layer.live !== "positions") return { data: features(part) };
    return {
      data: unsaid(part, columnsFor(hands.fleet, hands.desk.units.peek(), part.live.where, hands.now_ms() / 1000)),
    };
  }
  return { dataOf };
}

// ── base map: language, switches, tiles that changed ──
function followTiles(map: BaseMap, document: MapDocument, hands: Hands): () => void {
  const tiles = document.layers.filter(isTiles);
  const stopStyle = effect(() => {
    for (const layer of tiles)
      for (const part of styleLayers(layer, language.value, hands.shown(layer))) {
        map.setLayoutProperty(part.id, "visibility", part.layout?.visibility);
        if (part.type === "symbol") map.setLayoutProperty(part.id, "text-field", part.layout?.["text-field"]);
      }
  });
  let [waiting, asked] = [0, {} as Record<string, number>];
  const stopTiles = effect(() => {
    const versions = hands.desk.tile_versions.value;
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      for (const layer of tiles) {
        const version = versions[layer.name] ?? 0;
        if (version === (asked[layer.name] ?? 0)) continue;
        asked = { ...asked, [layer.name]: version };
        const source = map.getSource(layer.name) as { setTiles?: (urls: string[]) => void } | undefined;
        source?.setTiles?.([tileUrl(layer.look, location.origin, version)]);
      }
    }, TILE_REST_MS);
  });
  return () => {
    window.clearTimeout(waiting);
    stopStyle();
    stopTiles();
  };
}

const RESIZED_MS = 4000; // a busy machine lays out late
function followFlights(map: BaseMap, desk: Desk): () => void {
  function fly(): void {
    const flight = desk.flight.peek();
    if (!flight || Date.now() - flight.asked > RESIZED_MS) return;
    const zoom = Math.max(map.getZoom(), flight.zoom);
    map.easeTo({ center: [flight.place.lon, flight.place.lat], zoom, duration: calm() ? 0 : 700 });
  }
  map.on("resize", fly); // a card that opens makes the map narrower, and MapLibre stops what moves
  const stop = effect(() => {
    if (desk.flight.value) fly();
  });
  return () => {
    map.off("resize", fly);
    stop();
  };
}
