/** The ground under every map: the document's own tiles, flat and to the north. */
import { Map as BaseMap, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import type { MapDocument, MapLayer, Place } from "../api/types";
import { language } from "../words/words";
import { fontFaces, fontsReady } from "./fonts";
import { baseStyle } from "./style";

type Ground = {
  shown: (layer: MapLayer) => boolean;
  /** Where it opens; the document says where, unless somebody does. */
  view?: { centre: Place; zoom: number } | null;
  title?: string;
  /** Draws the signs that the tiles' looks name; nothing where none are needed. */
  picture?: (name: string) => ImageData | null;
};

const PICTURE_RATIO = 2.6; // px of a drawn sign for each on the map

setWorkerUrl(workerUrl); // MapLibre 6 is modules only: its worker must be named before the first map

/** Whether the person wants nothing to move that need not. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Put a map into an element; resolves when its style stands. */
export async function openBase(element: HTMLElement, document: MapDocument, ground: Ground): Promise<BaseMap> {
  await fontsReady();
  const { centre, zoom } = ground.view ?? document;
  const map = new BaseMap({
    container: element,
    style: baseStyle(document, language.peek(), location.origin, ground.shown, fontFaces()),
    center: [centre.lon, centre.lat],
    zoom,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    locale: ground.title ? { "Map.Title": ground.title } : {},
  });
  map.touchZoomRotate.disableRotation();
  map.setMissingStyleImageResolver((name) => {
    const drawn = ground.picture?.(name);
    if (drawn) map.addImage(name, drawn, { pixelRatio: PICTURE_RATIO });
  });
  await map.once("style.load");
  return map;
}
