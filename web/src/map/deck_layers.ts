/** pydeck's JSON made into deck.gl layers once; afterwards only their data changes. */
import { COORDINATE_SYSTEM, type Layer } from "@deck.gl/core";
import { DataFilterExtension, PathStyleExtension } from "@deck.gl/extensions";
import { JSONConfiguration, JSONConverter } from "@deck.gl/json";
import {
  ArcLayer,
  ColumnLayer,
  GeoJsonLayer,
  IconLayer,
  LineLayer,
  PathLayer,
  PolygonLayer,
  ScatterplotLayer,
  TextLayer,
} from "@deck.gl/layers";
import { MapLibreOverlay, type MapLibreOverlayProps } from "@deck.gl/maplibre";
import type { Map as BaseMap } from "maplibre-gl";
import type { MapLayer } from "../api/types";
import { type Columns, type LiveAddress, liveAddress } from "./live_data";
import { inLanguage } from "./style";
import { atlas } from "./symbols";

const classes = {
  ArcLayer,
  ColumnLayer,
  GeoJsonLayer,
  IconLayer,
  LineLayer,
  PathLayer,
  PolygonLayer,
  ScatterplotLayer,
  TextLayer,
  DataFilterExtension,
  PathStyleExtension,
};
// Flat layers in drawing order: what comes later stands above, whatever its depth.
const FLAT = { depthCompare: "always", depthWriteEnabled: false } as const;

/** One deck.gl layer of the document: whose it is, where its data comes from, and which properties its look says itself. */
export type DeckPart = { layer: MapLayer; base: Layer; live: LiveAddress | null; said: ReadonlySet<string> };

/** The sheet over a base map that the layers are drawn on. */
export function overlayOn(map: BaseMap, hears: Pick<MapLibreOverlayProps, "onLoad" | "onHover">): MapLibreOverlay {
  const overlay = new MapLibreOverlay({ interleaved: false, layers: [], pickingRadius: 5, ...hears });
  map.addControl(overlay);
  return overlay;
}

/** The symbols as deck.gl takes them; drawn on the first ask, when the fonts are there. */
let drawn: ReturnType<typeof atlas> | null = null;
export function symbolProps() {
  drawn ??= atlas();
  return { iconAtlas: drawn.image as never, iconMapping: drawn.mapping };
}

/** Convert every deck look of the document, bottom first. `"iconAtlas": "symbols://"` stands for our symbols. */
export function deckParts(layers: readonly MapLayer[]): DeckPart[] {
  return layers.flatMap((layer) => {
    if (layer.look.kind !== "deck") return [];
    return layer.look.deck.map((spec, i) => onePart(layer, spec, i)).filter((part) => part !== null);
  });
}

function onePart(layer: MapLayer, spec: Record<string, unknown>, i: number): DeckPart | null {
  const live = liveAddress(spec.data);
  const { iconAtlas, ...rest } = inLanguage(spec, "kk") as Record<string, unknown>;
  const json = { ...rest, id: `${layer.name}:${spec.id ?? i}`, ...(live ? { data: [] } : {}) };
  const configuration = new JSONConfiguration({ classes: classes as never, enumerations: { COORDINATE_SYSTEM } });
  const made = new JSONConverter({ configuration } as never).convert({ layers: [json] }) as {
    layers: (Layer | null)[];
  };
  const base = made.layers[0];
  if (!base) return null;
  const symbols = iconAtlas === "symbols://" ? symbolProps() : {};
  return {
    layer,
    live,
    said: new Set(Object.keys(spec)),
    base: base.clone({ parameters: FLAT, ...symbols } as never) as Layer,
  };
}

/** Leave alone what the look says itself: a sign with an angle of its own stays as it is. */
export function unsaid(part: DeckPart, columns: Columns): Columns {
  const free = Object.entries(columns.attributes).filter(([name]) => !part.said.has(name));
  return { ...columns, attributes: Object.fromEntries(free) };
}
