/** Marks of what stands around the map: minutes to reach, stand-by moves, sketches, what is dragged, panics, silence. */
import type { Layer } from "@deck.gl/core";
import { PathStyleExtension } from "@deck.gl/extensions";
import { GeoJsonLayer, PathLayer, PolygonLayer, ScatterplotLayer, TextLayer } from "@deck.gl/layers";
import type { NearCamera } from "../api/cameras";
import type { MinutesBand, StandbyMove } from "../api/cover";
import type { Place } from "../api/types";
import { pointsOf } from "../desk/closing";
import type { Rooms } from "../desk/rooms";
import { isSilent } from "../desk/status";
import { bandColour } from "./bands";
import type { Hands } from "./map";
import { placementMarks } from "./placement_marks";

type Colour = [number, number, number, number];
type Point = [number, number];
const FLAT = { depthCompare: "always", depthWriteEnabled: false } as const;
const ACCENT: Colour = [124, 196, 255, 255];
const CLOSED: Colour = [255, 93, 93, 255];
const ALARM: Colour = [255, 77, 79, 255];
const AMBER: Colour = [255, 200, 97, 255];
const COVER_ALPHA = 72;
const at = (place: Place): Point => [place.lon, place.lat];

/** Everything here that asks for a new picture when it changes. */
export function watchRooms(rooms: Rooms): void {
  const { drawing, sending, closing, covering, panics, sighting, fields, failing, placing } = rooms;
  void [placing.open.value, placing.plan.value, placing.trial.value, placing.zones.value, placing.shape.value];
  void placing.sides.value;
  void [sighting.place.value, sighting.found.value];
  void [fields.drawn.value, failing.ground.value];
  void [drawing.sketch.value, drawing.pointer.value, closing.draft.value, covering.drawn.value, panics.list.value];
  void [sending.drag.value, sending.preview.value];
}

function path(id: string, data: Point[][], color: Colour, dash: [number, number] | null = null, width = 3): Layer {
  return new PathLayer({
    id: `mark:${id}`,
    data,
    getPath: (d: Point[]) => d,
    getColor: color,
    widthUnits: "pixels",
    getWidth: width,
    capRounded: true,
    jointRounded: true,
    ...(dash && { getDashArray: dash, dashJustified: true, extensions: [new PathStyleExtension({ dash: true })] }),
    parameters: FLAT,
  } as never) as unknown as Layer;
}

function rings(id: string, data: Point[], color: Colour, radius: number, width = 3): Layer {
  return new ScatterplotLayer({
    id: `mark:${id}`,
    data,
    getPosition: (d: Point) => d,
    radiusUnits: "pixels",
    getRadius: radius,
    updateTriggers: { getRadius: radius },
    filled: false,
    stroked: true,
    lineWidthUnits: "pixels",
    getLineWidth: width,
    getLineColor: color,
    parameters: FLAT,
  } as never) as unknown as Layer;
}

/** The map of minutes, under everything else. */
export function coverMarks({ rooms }: Hands): Layer[] {
  const drawn = rooms.covering.drawn.value?.cover;
  if (!drawn) return [];
  return [
    new GeoJsonLayer({
      id: "mark:minutes",
      data: drawn.minutes.features as never,
      stroked: false,
      filled: true,
      getFillColor: (band: MinutesBand) => [...bandColour(band.properties.to_min, drawn.target_s), COVER_ALPHA],
      updateTriggers: { getFillColor: drawn.target_s },
      parameters: FLAT,
    } as never) as unknown as Layer,
  ];
}

/** What the chosen camera sees of the ground. */
export function fieldMarks({ rooms }: Hands): Layer[] {
  const finer = rooms.hanging.pose.value !== null || rooms.slicing.scope.value === "camera"; // past the buildings
  const ring = finer ? [] : rooms.fields.drawn.value;
  return [
    new PolygonLayer({
      id: "mark:field",
      data: ring.length ? [ring] : [],
      getPolygon: (d: Point[]) => d,
      getFillColor: [124, 196, 255, 40],
      getLineColor: ACCENT,
      lineWidthUnits: "pixels",
      getLineWidth: 1.5,
      parameters: FLAT,
    } as never) as unknown as Layer,
  ];
}

/** From the unit to its post, where stand-by moves are proposed. */
function moveMarks({ rooms, fleet, desk }: Hands): Layer[] {
  const moves = rooms.covering.drawn.value?.cover.moves ?? [];
  const from = (move: StandbyMove) => fleet.drawn(move.unit_id) ?? pointOf(desk.units.value.get(move.unit_id)?.place);
  const lines = moves.flatMap((move) => {
    const start = from(move);
    return start ? [[start, at(move.post.place)]] : [];
  });
  return [
    path("moves", lines, AMBER, [2, 2], 2.5),
    rings(
      "posts",
      moves.map((m) => at(m.post.place)),
      AMBER,
      9,
    ),
  ];
}
const pointOf = (place: Place | null | undefined): Point | null => (place ? at(place) : null);

/** What is being drawn, with where the next point would lie. */
function sketchMarks({ rooms }: Hands): Layer[] {
  const sketch = rooms.drawing.sketch.value;
  const draft = rooms.closing.draft.value;
  const set = sketch?.points.map(at) ?? [];
  const next = rooms.drawing.pointer.value;
  const line = sketch && next ? [...set, at(next)] : set;
  const shown = sketch ? line : draft ? pointsOf(draft.shape).map(at) : [];
  const area = sketch ? sketch.kind === "polygon" : draft?.shape.type === "Polygon";
  return [
    new PolygonLayer({
      id: "mark:sketch-area",
      data: area && shown.length > 2 ? [shown] : [],
      getPolygon: (d: Point[]) => d,
      getFillColor: [255, 93, 93, 50],
      getLineColor: CLOSED,
      lineWidthUnits: "pixels",
      getLineWidth: 2,
      parameters: FLAT,
    }) as unknown as Layer,
    path("sketch", shown.length > 1 ? [shown] : [], CLOSED, null, 4),
    rings("sketch-points", set, [255, 255, 255, 255], 4, 2),
  ];
}

/** The unit that is dragged, and the way that it would drive. */
function dragMarks({ rooms, desk }: Hands): Layer[] {
  const drag = rooms.sending.drag.value;
  const over = drag?.over ? desk.incidents.value.get(drag.over) : null;
  const end = over ? over.place : drag?.at;
  const line = drag?.from && end ? [[at(drag.from), at(end)]] : [];
  const route = rooms.sending.preview.value?.answer?.route;
  return [
    path("drag", line, ACCENT, [1, 1.5], 2),
    rings("drop", over ? [at(over.place)] : [], ACCENT, 22, 3),
    path("preview", route ? [route.coordinates] : [], ACCENT, null, 4),
  ];
}

/** Crews in danger, loud until somebody has acknowledged; crews that fell silent on the way. */
function crewMarks({ rooms, fleet, now_ms }: Hands): Layer[] {
  const loud = Math.floor(now_ms() / 1000) % 2 === 0 ? 26 : 34;
  const place = (id: number, else_: Place | null | undefined) => fleet.drawn(id) ?? pointOf(else_);
  const told = (known: Point | null) => (known ? [known] : []);
  const panics = rooms.panics.list.value;
  const [waiting, seen] = [panics.filter((p) => !p.acknowledged_at), panics.filter((p) => p.acknowledged_at)];
  const silent = rooms.crews.marked.value.filter(isSilent);
  return [
    rings(
      "silent",
      silent.flatMap((unit) => told(place(unit.id, unit.place))),
      AMBER,
      15,
      2.5,
    ),
    rings(
      "panic-seen",
      seen.flatMap((panic) => told(place(panic.unit.id, panic.place))),
      ALARM,
      22,
      3,
    ),
    rings(
      "panic",
      waiting.flatMap((panic) => told(place(panic.unit.id, panic.place))),
      ALARM,
      loud,
      6,
    ),
  ];
}

/** The cameras that the open incident's plan looks for, the chosen one wider. */
function cameraMarks({ desk }: Hands): Layer[] {
  const [near, id] = [desk.cameras.value, desk.camera_id.value];
  const spots = (chosen: boolean) => near.filter((one) => (one.id === id) === chosen).map((one) => at(one.place));
  return [rings("cameras", spots(false), ACCENT, 13, 2), rings("camera", spots(true), ACCENT, 19, 4)];
}

/** Where the plate of the open hit was seen: a line from the oldest to the newest, each numbered, 1 the newest. */
function trailMarks({ desk }: Hands): Layer[] {
  const spots = desk.trail.value.map((hit, i) => ({ text: String(i + 1), place: at(hit.place) }));
  return [
    path("trail", spots.length > 1 ? [spots.map((spot) => spot.place).reverse()] : [], ALARM, [3, 2], 2.5),
    rings(
      "trail-spots",
      spots.map((spot) => spot.place),
      ALARM,
      11,
      2.5,
    ),
    new TextLayer({
      id: "mark:trail-numbers",
      data: spots,
      getText: (d: { text: string }) => d.text,
      getPosition: (d: { place: Point }) => d.place,
      getSize: 13,
      getColor: [242, 245, 249],
      getPixelOffset: [0, -20],
      fontFamily: "Noto Sans",
      fontWeight: 600,
      characterSet: "0123456789",
      background: true,
      getBackgroundColor: [120, 20, 24, 230],
      backgroundPadding: [5, 2],
      parameters: FLAT,
    } as never) as unknown as Layer,
  ];
}

/** From the cameras that see a place to it; dashed from those that must be turned, red as far as a building lets see. */
function sightMarks({ rooms }: Hands): Layer[] {
  const [place, found] = [rooms.sighting.place.value, rooms.sighting.found.value ?? []];
  if (!place) return [rings("sight-place", [], ACCENT, 8)];
  const lines = (sight: string) => found.filter((one) => one.sight === sight).map((one) => [at(one.place), at(place)]);
  return [
    path(
      "sight-blocked",
      found.flatMap((one) => untilBlocked(one, place)),
      CLOSED,
      null,
      1.5,
    ),
    path("sight-turns", lines("turns"), AMBER, [2, 2], 2),
    path("sight-sees", lines("sees"), ACCENT, null, 2.5),
    rings("sight-place", [at(place)], ACCENT, 8),
  ];
}

/** The part of a line of sight that reaches from a camera to the building that ends it. */
function untilBlocked(one: NearCamera, place: Place): Point[][] {
  if (one.blocked_m === null || one.distance_m === 0) return [];
  const share = Math.min(1, one.blocked_m / one.distance_m);
  const { lon, lat } = one.place;
  return [[at(one.place), [lon + (place.lon - lon) * share, lat + (place.lat - lat) * share]]];
}

/** All of them that stand above the layers. */
export const roomMarks = (hands: Hands): Layer[] =>
  [placementMarks, cameraMarks, sightMarks, trailMarks, moveMarks, sketchMarks, dragMarks, crewMarks].flatMap((marks) =>
    marks(hands),
  );
