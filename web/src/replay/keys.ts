/** The keys of whatever plays the past: the replayed map and stored video. */
import type { ReadonlySignal } from "@preact/signals";

const STEP_MS = 10_000;
const TYPES = "input:not([type=range]), select, textarea, dialog";
const MAP = ".maplibregl-map"; // there arrows move the map

export type Played = {
  at_ms: ReadonlySignal<number>;
  toggle: () => void;
  seek: (at_ms: number) => void;
  faster: (by: 1 | -1) => void;
};

/** Space plays and pauses; arrows go ten seconds, with Shift a minute; + and − change the speed. */
export function pressPlayed(played: Played, pressed: KeyboardEvent): void {
  const at = pressed.target as Element;
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || at.closest(TYPES)) return;
  const by = STEP_MS * (pressed.shiftKey ? 6 : 1);
  const does: Record<string, () => void> = {
    " ": played.toggle,
    ArrowLeft: () => played.seek(played.at_ms.peek() - by),
    ArrowRight: () => played.seek(played.at_ms.peek() + by),
    "+": () => played.faster(1),
    "-": () => played.faster(-1),
  };
  const act = does[pressed.key];
  if (!act || (pressed.key === " " && at.closest("button, a, summary"))) return;
  if (pressed.key.startsWith("Arrow") && at.closest(MAP)) return;
  pressed.preventDefault();
  act();
}
