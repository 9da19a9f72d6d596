/** Marks of the planner: ground by how finely it is seen, areas of interest, a camera that hangs otherwise. */
import type { Layer } from "@deck.gl/core";
import { PathStyleExtension } from "@deck.gl/extensions";
import { GeoJsonLayer, PathLayer, ScatterplotLayer } from "@deck.gl/layers";
import type { Band, Shape } from "../api/coverage";
import type { Place } from "../api/types";
import { handleOf } from "../desk/poses";
import type { Rooms } from "../desk/rooms";
import { colourIn, type Slice } from "../desk/slices";
import type { Hands } from "./map";

type Colour = [number, number, number, number];
type Point = [number, number];
const FLAT = { depthCompare: "always", depthWriteEnabled: false } as const;
const WHITE: Colour = [255, 255, 255, 255];
const GAINED: Colour = [86, 180, 233, 255]; // blue and orange: told apart without red and green
const LOST: Colour = [240, 150, 40, 255];
const [SEEN, FAINT] = [150, 70]; // alpha
const at = (place: Place): Point => [place.lon, place.lat];

/** Everything here that asks for a new picture when it changes. */
export function watchSurvey({ slicing, interest, hanging }: Rooms): void {
  void [slicing.drawn.value, slicing.scope.value, slicing.slices.value, interest.answer.value, interest.corners.value];
  void [hanging.pose.value, hanging.seen.value];
}

function bands(id: string, data: readonly Band[], slices: readonly Slice[], alpha: number): Layer {
  return new GeoJsonLayer({
    id: `mark:${id}`,
    data: data.filter((band) => band.geometry.coordinates.length > 0) as never,
    stroked: false,
    filled: true,
    getFillColor: (band: Band) => [...colourIn(slices, band.properties.name), alpha],
    updateTriggers: { getFillColor: [slices, alpha] },
    parameters: FLAT,
  } as never) as unknown as Layer;
}

function outlined(id: string, shape: Shape | undefined, colour: Colour): Layer {
  return new GeoJsonLayer({
    id: `mark:${id}`,
    data:
      shape && shape.coordinates.length > 0 ? [{ type: "Feature", properties: {}, geometry: shape }] : ([] as never),
    filled: true,
    getFillColor: [colour[0], colour[1], colour[2], 50],
    stroked: true,
    getLineColor: colour,
    lineWidthUnits: "pixels",
    getLineWidth: 1.5,
    parameters: FLAT,
  } as never) as unknown as Layer;
}

function spots(id: string, data: Point[], radius: number, filled: boolean): Layer {
  return new ScatterplotLayer({
    id: `mark:${id}`,
    data,
    getPosition: (d: Point) => d,
    radiusUnits: "pixels",
    getRadius: radius,
    filled,
    getFillColor: [16, 21, 28, 255],
    stroked: true,
    lineWidthUnits: "pixels",
    getLineWidth: 3,
    getLineColor: WHITE,
    parameters: FLAT,
  } as never) as unknown as Layer;
}

function line(id: string, data: Point[][], dash: [number, number]): Layer {
  return new PathLayer({
    id: `mark:${id}`,
    data,
    getPath: (d: Point[]) => d,
    getColor: WHITE,
    widthUnits: "pixels",
    getWidth: 2,
    getDashArray: dash,
    dashJustified: true,
    extensions: [new PathStyleExtension({ dash: true })],
    parameters: FLAT,
  } as never) as unknown as Layer;
}

/** What lies on the ground, under everything else. */
export function groundMarks({ rooms: { slicing, interest, hanging } }: Hands): Layer[] {
  const [slices, seen] = [slicing.slices.value, hanging.seen.value];
  const quiet = hanging.pose.value ? FAINT : SEEN;
  return [
    bands("ground-seen", slicing.drawn.value ?? [], slices, quiet),
    bands("interest-seen", interest.answer.value?.features ?? [], slices, quiet),
    bands("hanging-seen", seen?.features ?? [], slices, SEEN),
    outlined("hanging-gained", seen?.change?.gained, GAINED),
    outlined("hanging-lost", seen?.change?.lost, LOST),
  ];
}

/** The border of the area of interest, and the camera with the handle that it is turned by. */
export function surveyMarks({ rooms: { interest, hanging } }: Hands): Layer[] {
  const [pose, corners] = [hanging.pose.value, interest.corners.value];
  const border = corners ? [[...corners, corners[0] as Point]] : [];
  const handle = pose ? at(handleOf(pose)) : null;
  return [
    line("interest-border", border as Point[][], [4, 2]),
    line("hanging-arm", pose && handle ? [[at(pose.place), handle]] : [], [1, 1.5]),
    spots("hanging-handle", handle ? [handle] : [], 7, true),
    spots("hanging-mark", pose ? [at(pose.place)] : [], 13, false),
  ];
}
