/** Which layers are switched on: as the document says and an open sheet asks, until someone chose; remembered on this machine. */
import { signal } from "@preact/signals";
import type { MapLayer } from "../api/types";

const KEPT = "qyran.layers";
const chosen = signal<Record<string, boolean>>(remembered());
const brought = signal<ReadonlySet<string>>(new Set());

function remembered(): Record<string, boolean> {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Record<string, boolean>;
  } catch {
    return {}; // written by something else: start anew
  }
}

/** Whether a layer is drawn. */
export function isShown(layer: MapLayer): boolean {
  return chosen.value[layer.name] ?? (layer.shown_at_start || brought.value.has(layer.name));
}

/** Switch a layer on or off. */
export function show(layer: MapLayer, on: boolean): void {
  chosen.value = { ...chosen.value, [layer.name]: on };
  localStorage.setItem(KEPT, JSON.stringify(chosen.value));
}

/** Draw the layers that a sheet is about while it is open; returns how to stop. Who switched one off is asked no more. */
export function bring(names: readonly string[]): () => void {
  brought.value = new Set(names);
  return () => {
    brought.value = new Set();
  };
}
