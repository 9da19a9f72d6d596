/** Which layers are switched on: as the document says, until someone chose; remembered on this machine. */
import { signal } from "@preact/signals";
import type { MapLayer } from "../api/types";

const KEPT = "qyran.layers";
const chosen = signal<Record<string, boolean>>(remembered());

function remembered(): Record<string, boolean> {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Record<string, boolean>;
  } catch {
    return {}; // written by something else: start anew
  }
}

/** Whether a layer is drawn. */
export function isShown(layer: MapLayer): boolean {
  return chosen.value[layer.name] ?? layer.shown_at_start;
}

/** Switch a layer on or off. */
export function show(layer: MapLayer, on: boolean): void {
  chosen.value = { ...chosen.value, [layer.name]: on };
  localStorage.setItem(KEPT, JSON.stringify(chosen.value));
}
