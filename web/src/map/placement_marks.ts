/** Plans of cameras on the map: what each camera of the plan sees, where it hangs, and the forbidden zones. */
import type { Layer } from "@deck.gl/core";
import { GeoJsonLayer, ScatterplotLayer, TextLayer } from "@deck.gl/layers";
import type { Hangs, Polygons } from "../api/placement";
import type { Hands } from "./map";

const FLAT = { depthCompare: "always", depthWriteEnabled: false } as const;
type Colour = [number, number, number, number];
export const FIELD: Colour = [124, 196, 255, 60];
const HELD: Colour = [255, 200, 97, 90];
const ZONE: Colour = [255, 93, 93, 60];
const SPOT: Colour = [124, 196, 255, 255];

function areas(id: string, shapes: readonly Polygons[], color: Colour): Layer {
  return new GeoJsonLayer({
    id: `mark:${id}`,
    data: shapes.map((geometry) => ({ type: "Feature", geometry, properties: {} })) as never,
    filled: true,
    stroked: true,
    getFillColor: color,
    getLineColor: [color[0], color[1], color[2], 200],
    lineWidthUnits: "pixels",
    getLineWidth: 1,
    parameters: FLAT,
  } as never) as unknown as Layer;
}

/** Drawn while the sheet is open: the plan's fields of view, and the camera that is held with its own. */
export function placementMarks({ rooms }: Hands): Layer[] {
  const { placing } = rooms;
  if (!placing.open.value) return [];
  const [plan, trial] = [placing.plan.value, placing.trial.value];
  const cameras = (plan?.cameras ?? []).filter((one) => one.id !== trial?.camera.id);
  const spots = [...cameras, ...(trial ? [{ ...trial.camera, ...trial.hangs }] : [])];
  const side = placing.sides.value.length > 1; // then the slider draws what plans see
  return [
    areas(
      "placement-zones",
      placing.zones.value.map((one) => one.shape),
      ZONE,
    ),
    areas("placement-region", placing.shape.value ? [placing.shape.value] : [], [255, 255, 255, 20]),
    areas("placement-fields", side ? [] : cameras.map((one) => one.seen), FIELD),
    areas("placement-held", trial ? [trial.found?.seen ?? trial.camera.seen] : [], HELD),
    ...spotMarks(spots, trial?.camera.id ?? null),
  ];
}

function spotMarks(spots: readonly (Hangs & { id: number; number: number })[], held: number | null): Layer[] {
  return [
    new ScatterplotLayer({
      id: "mark:placement-spots",
      data: spots,
      getPosition: (d: Hangs) => [d.place.lon, d.place.lat],
      radiusUnits: "pixels",
      getRadius: 9,
      getFillColor: (d: { id: number }) => (d.id === held ? [255, 200, 97, 255] : SPOT),
      getLineColor: [16, 24, 34, 255],
      stroked: true,
      lineWidthUnits: "pixels",
      getLineWidth: 1.5,
      updateTriggers: { getFillColor: held },
      parameters: FLAT,
    } as never) as unknown as Layer,
    new TextLayer({
      id: "mark:placement-numbers",
      data: spots,
      getText: (d: { number: number }) => String(d.number),
      getPosition: (d: Hangs) => [d.place.lon, d.place.lat],
      getSize: 11,
      getColor: [16, 24, 34],
      fontFamily: "Noto Sans",
      fontWeight: 700,
      characterSet: "0123456789",
      parameters: FLAT,
    } as never) as unknown as Layer,
  ];
}
