/** The windows' own marks above the layers: selection, error ellipse, routes looked at, the past nearby. */
import type { Layer } from "@deck.gl/core";
import { PathStyleExtension } from "@deck.gl/extensions";
import { PathLayer, PolygonLayer, ScatterplotLayer, TextLayer } from "@deck.gl/layers";
import type { Place, Proposal } from "../api/types";
import type { Desk } from "../desk/desk";
import type { Fleet } from "../live/fleet";
import { circle, ring } from "./ground";
import { lostMarks } from "./lost_marks";
import type { Hands } from "./map";
import { coverMarks, fieldMarks, roomMarks } from "./room_marks";
import { groundMarks, surveyMarks } from "./survey_marks";
import { PRIORITY_COLOURS } from "./symbols";

type Colour = [number, number, number, number];
type Point = [number, number];
const FLAT = { depthCompare: "always", depthWriteEnabled: false } as const;
const ACCENT: Colour = [124, 196, 255, 255];
// Call signs are written with these; the picture of the letters is drawn once, at the start.
const LETTERS =
  "0123456789 -–/.№?!ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюяӘәҒғҚқҢңӨөҰұҮүҺһІі";
const at = (place: Place): Point => [place.lon, place.lat];
const faded = (colour: Colour, alpha: number): Colour => [colour[0], colour[1], colour[2], alpha];

/** A priority's colour with an alpha. */
export function priorityColour(priority: number, alpha: number): Colour {
  const hex = Number.parseInt((PRIORITY_COLOURS[priority - 1] ?? "#9aa4b2").slice(1), 16);
  return [hex >> 16, (hex >> 8) & 255, hex & 255, alpha];
}

function selectedPlace(desk: Desk, fleet: Fleet): Point | null {
  const chosen = desk.selected.value;
  if (!chosen) return null;
  if (chosen.kind === "unit") {
    const place = desk.units.value.get(chosen.id)?.place;
    return fleet.drawn(chosen.id) ?? (place ? at(place) : null);
  }
  const opened = desk.opened.value?.id === chosen.id ? desk.opened.value : undefined;
  const row =
    chosen.kind === "event" ? desk.events.value.get(chosen.id) : (desk.incidents.value.get(chosen.id) ?? opened);
  return row ? at(row.place) : null;
}

function pastMarks(desk: Desk): Layer[] {
  const [past, incident] = [desk.past.value, desk.opened.value];
  if (!past || !incident) return [];
  return [
    new PolygonLayer({
      id: "mark:reach",
      data: [circle(incident.place, past.radius_m)],
      getPolygon: (d: Point[]) => d,
      filled: true,
      getFillColor: faded(ACCENT, 10),
      getLineColor: faded(ACCENT, 110),
      lineWidthUnits: "pixels",
      getLineWidth: 1,
      parameters: FLAT,
    }),
    new ScatterplotLayer({
      id: "mark:past-events",
      data: past.events,
      getPosition: (d) => at(d.place),
      radiusUnits: "pixels",
      getRadius: 2.5,
      getFillColor: [214, 222, 233, 110],
      parameters: FLAT,
    }),
    new ScatterplotLayer({
      id: "mark:past-incidents",
      data: past.incidents.filter((old) => old.id !== incident.id),
      getPosition: (d) => at(d.place),
      radiusUnits: "pixels",
      getRadius: 4,
      getFillColor: (d) => priorityColour(d.priority, 120),
      parameters: FLAT,
    }),
  ] as Layer[];
}

function ellipseMark(desk: Desk): Layer[] {
  const event = desk.event.value;
  if (!event?.ellipse) return [];
  return [
    new PolygonLayer({
      id: "mark:ellipse",
      data: [ring(event.place, event.ellipse)],
      getPolygon: (d: Point[]) => d,
      getFillColor: [246, 241, 227, 36],
      getLineColor: [246, 241, 227, 200],
      lineWidthUnits: "pixels",
      getLineWidth: 1.5,
      parameters: FLAT,
    }) as unknown as Layer,
  ];
}

function routeMarks(desk: Desk): Layer[] {
  const wanted = (proposal: Proposal) =>
    desk.hovered_unit.value === proposal.unit.id || desk.chosen_units.value.has(proposal.unit.id);
  const shown = desk.proposals.value?.proposals.filter(wanted) ?? [];
  return [
    new PathLayer({
      id: "mark:routes",
      data: shown,
      getPath: (d: Proposal) => d.route.coordinates,
      getColor: ACCENT,
      widthUnits: "pixels",
      getWidth: 3.5,
      capRounded: true,
      jointRounded: true,
      getDashArray: [0.2, 2],
      dashJustified: true,
      extensions: [new PathStyleExtension({ dash: true })],
      parameters: FLAT,
    } as never) as unknown as Layer,
  ];
}

/** Call signs only of those that matter now: the open incident's units, the one looked at, the one selected. */
function labelled({ desk, rooms }: Hands): Map<number, string> {
  const sent = desk.opened.value?.dispatches.filter((dispatch) => dispatch.next.length > 0) ?? [];
  const names = new Map(sent.map((dispatch) => [dispatch.unit.id, dispatch.unit.call_sign]));
  const looked = [desk.hovered_unit.value, ...desk.chosen_units.value];
  if (desk.selected.value?.kind === "unit") looked.push(desk.selected.value.id);
  for (const unit of rooms.crews.marked.value) names.set(unit.id, `${unit.call_sign} ${unit.panic ? "!" : "?"}`);
  for (const id of looked) {
    const unit = id === null ? undefined : desk.units.value.get(id);
    if (unit && !names.has(unit.id)) names.set(unit.id, unit.call_sign);
  }
  return names;
}

function labelMarks(hands: Hands): Layer[] {
  const data = [...labelled(hands)].flatMap(([id, text]) => {
    const place = hands.fleet.drawn(id);
    return place ? [{ text, place }] : [];
  });
  return [
    new TextLayer({
      id: "mark:labels",
      data,
      getText: (d: { text: string }) => d.text,
      getPosition: (d: { place: Point }) => d.place,
      getSize: 12,
      getColor: [242, 245, 249],
      getPixelOffset: [0, 22],
      fontFamily: "Noto Sans",
      fontWeight: 600,
      characterSet: LETTERS,
      background: true,
      getBackgroundColor: [16, 21, 28, 220],
      backgroundPadding: [5, 2],
      parameters: FLAT,
    } as never) as unknown as Layer,
  ];
}

function ringMark(desk: Desk, fleet: Fleet): Layer[] {
  const place = selectedPlace(desk, fleet);
  return [
    new ScatterplotLayer({
      id: "mark:selection",
      data: place ? [place] : [],
      getPosition: (d: Point) => d,
      radiusUnits: "pixels",
      getRadius: 19,
      filled: false,
      stroked: true,
      lineWidthUnits: "pixels",
      getLineWidth: 2.5,
      getLineColor: [255, 255, 255, 235],
      parameters: FLAT,
    } as never) as unknown as Layer,
  ];
}

/** Marks that lie under the live layers. */
export const marksBelow = (hands: Hands): Layer[] => [
  ...groundMarks(hands),
  ...coverMarks(hands),
  ...lostMarks(hands),
  ...fieldMarks(hands),
  ...pastMarks(hands.desk),
  ...ellipseMark(hands.desk),
  ...routeMarks(hands.desk),
];
/** Marks that lie above them. */
export const marksAbove = (hands: Hands): Layer[] => [
  ...roomMarks(hands),
  ...surveyMarks(hands),
  ...ringMark(hands.desk, hands.fleet),
  ...labelMarks(hands),
];
