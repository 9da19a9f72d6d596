/** How a clip stands, in one word: one that waits although its time has come is hindered, and says so. */
import type { Clip } from "../../api/recordings";

/** The word; of an event whose clip nobody has begun, that it waits. */
export function standing(clip: Pick<Clip, "state" | "reason"> | null | undefined): string {
  if (!clip) return "waiting";
  return clip.state === "waiting" && clip.reason ? "hindered" : clip.state;
}
