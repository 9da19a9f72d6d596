/** The map of the past: the same base and the same looks as the live one, drawn from what a player shows. */
import type { Layer, PickingInfo } from "@deck.gl/core";
import { LineLayer } from "@deck.gl/layers";
import type { MapLibreOverlay } from "@deck.gl/maplibre";
import { effect } from "@preact/signals";
import type { MapDocument, MapLayer, Place, Unit } from "../api/types";
import { calm, openBase } from "../map/base";
import { type DeckPart, deckParts, overlayOn, unsaid } from "../map/deck_layers";
import { columnsFor, rowsFor } from "../map/live_data";
import { picture } from "../map/symbols";
import { say } from "../words/words";
import type { Player } from "./player";
import type { Bound, Scene } from "./scene";
import { PastFleet } from "./tracks";

const FRAME_MS = 40;
const DRAWN = new Set(["units", "incidents", "events", "calls"]);
const WAY = [124, 196, 255, 150];

export type PastMap = { stop: () => void; fly: (place: Place) => void };
/** What the pointer is over: which unit, incident or call. */
export type Over = { layer: string; id: number; x: number; y: number };
type Told = { player: Player; over: (found: Over | null) => void };

/** Put the map into an element; resolves when its style stands. */
export async function createPastMap(
  element: HTMLElement,
  document: MapDocument,
  view: { centre: Place; zoom: number },
  told: Told,
): Promise<PastMap> {
  const shown = (layer: MapLayer) => layer.shown_at_start;
  const map = await openBase(element, document, { shown, view, title: say("replay.map"), picture });
  const overlay = overlayOn(map, { onHover: (info) => told.over(picked(info)) });
  const stop = draw(overlay, document, told.player);
  Object.assign(globalThis, { qyranPast: map }); // for tests
  return {
    stop: () => {
      stop();
      map.remove();
    },
    fly: (place) =>
      map.easeTo({
        center: [place.lon, place.lat],
        zoom: Math.max(map.getZoom(), 15),
        duration: calm() ? 0 : 700,
      }),
  };
}

function picked(info: PickingInfo): Over | null {
  const layer = info.layer?.id.split(":")[0] ?? "";
  const columns = info.layer?.props.data as { unit_ids?: Uint32Array } | undefined;
  const feature = info.object as { id?: number } | undefined;
  const id = feature?.id ?? columns?.unit_ids?.[info.index];
  return info.picked && id !== undefined ? { layer, id: Number(id), x: info.x, y: info.y } : null;
}

/** One loop: it lets the player's time pass, and draws when that or anything else changed. */
function draw(overlay: MapLibreOverlay, document: MapDocument, player: Player): () => void {
  const parts = deckParts(document.layers.filter((layer) => DRAWN.has(layer.name)));
  const fleet = new PastFleet();
  let [dirty, before, drawn_ms, frame] = [true, performance.now(), 0, 0];
  const stopWatching = effect(() => {
    void [player.at_ms.value, player.arrived.value, player.scene.value, player.span.value];
    dirty = true;
  });
  function turn(now: number): void {
    frame = requestAnimationFrame(turn);
    if (now - drawn_ms < FRAME_MS) return;
    player.tick(Math.min(now - before, 1000)); // a window that slept does not leap
    [before, drawn_ms] = [now, now];
    if (!dirty) return;
    dirty = false;
    overlay.setProps({ layers: layersOf(parts, fleet, player) });
  }
  frame = requestAnimationFrame(turn);
  return () => {
    cancelAnimationFrame(frame);
    stopWatching();
  };
}

function layersOf(parts: readonly DeckPart[], fleet: PastFleet, player: Player): Layer[] {
  const scene = player.scene.peek();
  const at_ms = player.at_ms.peek();
  const frame = player.frameAt(at_ms);
  if (!scene || !frame) fleet.clear();
  else fleet.show(frame, at_ms);
  const drawn = parts.map((part) => part.base.clone({ data: dataOf(part, fleet, scene, at_ms) } as never) as Layer);
  return [ways(fleet, scene), ...drawn];
}

function dataOf(part: DeckPart, fleet: PastFleet, scene: Scene | null, at_ms: number): unknown {
  const where = part.live?.where ?? [];
  if (part.layer.live !== "positions") return rowsFor(scene?.rows[part.layer.name]?.values() ?? [], where);
  const units = (scene?.units ?? new Map()) as ReadonlyMap<number, Unit>;
  return unsaid(part, columnsFor(fleet, units, where, at_ms / 1000));
}

/** From each unit that is bound to the incident it is bound to: the way it took shows as it drives. */
function ways(fleet: PastFleet, scene: Scene | null): Layer {
  const places = new Map(scene?.incidents.map((one) => [one.id, [one.lon, one.lat]]) ?? []);
  const data = (scene?.bound ?? []).flatMap((one: Bound) => {
    const [from, to] = [fleet.drawn(one.unit_id), places.get(one.incident_id)];
    return from && to ? [{ from, to }] : [];
  });
  return new LineLayer({
    id: "past:ways",
    data,
    getSourcePosition: (d: { from: [number, number] }) => d.from,
    getTargetPosition: (d: { to: [number, number] }) => d.to,
    getColor: WAY,
    getWidth: 2,
    widthUnits: "pixels",
    parameters: { depthCompare: "always", depthWriteEnabled: false },
  } as never) as unknown as Layer;
}
