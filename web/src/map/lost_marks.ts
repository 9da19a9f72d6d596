/** The ground that is lost with what fails, over the coverage. */
import type { Layer } from "@deck.gl/core";
import { GeoJsonLayer } from "@deck.gl/layers";
import type { Hands } from "./map";

export function lostMarks({ rooms }: Hands): Layer[] {
  return [
    new GeoJsonLayer({
      id: "mark:lost",
      data: (rooms.failing.ground.value?.features ?? []) as never,
      filled: true,
      getFillColor: [255, 200, 97, 110],
      stroked: true,
      getLineColor: [255, 200, 97, 255],
      lineWidthUnits: "pixels",
      getLineWidth: 1.5,
      parameters: { depthCompare: "always", depthWriteEnabled: false },
    } as never) as unknown as Layer,
  ];
}
