/** MapLibre's style from the map document: every tile layer brings its own source and look. */
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Language, MapDocument, MapLayer, TileLook } from "../api/types";

export const BACKGROUND = "#10151c";

/** A tile layer of the document. */
export type TileLayer = MapLayer & { look: TileLook };
export const isTiles = (layer: MapLayer): layer is TileLayer => layer.look.kind === "tiles";

/** Put the language into a look: `{language}` in strings, and `["name"]` as the name with the given one behind it. */
export function inLanguage(value: unknown, language: Language): unknown {
  if (typeof value === "string") return value.replaceAll("{language}", language);
  if (Array.isArray(value)) {
    if (value.length === 1 && value[0] === "name") {
      return ["coalesce", ["get", `name_${language}`], ["get", "name"], ""];
    }
    return value.map((part) => inLanguage(part, language));
  }
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inLanguage(part, language)]));
  }
  return value;
}

/** Where a layer's tiles are; `changes` seen since the document was read make the version another one. */
export function tileUrl(look: TileLook, origin: string, changes = 0): string {
  return origin + (changes ? look.url.replace(/([?&]v=[^&]*)/, `$1.${changes}`) : look.url);
}

/** The style layers of one tile layer, named `layer:part`. */
export function styleLayers(layer: TileLayer, language: Language, visible: boolean): LayerSpecification[] {
  return layer.look.style.map((part, i) => {
    const localised = inLanguage(part, language) as Record<string, unknown>;
    const layout = { ...(localised.layout as object), visibility: visible ? "visible" : "none" };
    return {
      "source-layer": layer.name,
      ...localised,
      id: `${layer.name}:${localised.id ?? i}`,
      source: layer.name,
      layout,
    } as unknown as LayerSpecification;
  });
}

/** The whole base style, bottom of the map first; labels of every layer stand above all fills and lines. */
export function baseStyle(
  document: MapDocument,
  language: Language,
  origin: string,
  shown: (layer: MapLayer) => boolean,
  fonts: Record<string, unknown>,
): StyleSpecification {
  const tiles = document.layers.filter(isTiles);
  const parts = tiles.flatMap((layer) => styleLayers(layer, language, shown(layer)));
  const isLabel = (part: LayerSpecification) => part.type === "symbol";
  return {
    version: 8,
    "font-faces": fonts as never,
    sources: Object.fromEntries(
      tiles.map((layer) => [
        layer.name,
        {
          type: "vector",
          tiles: [tileUrl(layer.look, origin)],
          minzoom: layer.look.min_zoom,
          maxzoom: layer.look.max_zoom,
        },
      ]),
    ),
    layers: [
      { id: "ground", type: "background", paint: { "background-color": BACKGROUND } },
      ...parts.filter((part) => !isLabel(part)),
      ...parts.filter(isLabel),
    ],
  };
}
