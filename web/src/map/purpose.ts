/** Coverage and its gaps are drawn for one purpose at a time. */
import { effect, type Signal } from "@preact/signals";
import type { Map as BaseMap, FilterSpecification } from "maplibre-gl";
import type { MapDocument } from "../api/types";
import { isTiles, styleLayers } from "./style";

const NAMES = new Set(["coverage", "gaps"]);

/** Keep the map at the purpose that is chosen; returns how to stop. */
export function followPurpose(map: BaseMap, document: MapDocument, purpose: Signal<string>): () => void {
  const parts = document.layers
    .filter(isTiles)
    .filter((layer) => NAMES.has(layer.name))
    .flatMap((layer) => styleLayers(layer, "en", true));
  return effect(() => {
    const only: FilterSpecification = ["==", ["get", "purpose"], purpose.value];
    for (const part of parts) map.setFilter(part.id, only);
  });
}
