/** How far a picture is behind, and what is done about it; pure. */

const JUMP_S = 1; // behind by more, the rest is left out
const HURRY_S = 0.15; // behind by more, it plays a little faster
const FAR_S = 0.4; // behind by more, clearly faster: who joins begins at a key frame of a moment ago
const EDGE_S = 0.05;
const SILENT_MS = 2000;
const KEEP_S = 10;

export type Chase = { jump_to: number | null; rate: number };

/** What a player at `at` does, with footage from `start` to `end` seconds before it. */
export function chase(at: number, start: number, end: number): Chase {
  const behind = end - at;
  if (at < start || behind < 0 || behind > JUMP_S) return { jump_to: Math.max(start, end - EDGE_S), rate: 1 };
  return { jump_to: null, rate: behind > FAR_S ? 1.5 : behind > HURRY_S ? 1.1 : 1 };
}

/** Until where footage that was shown is thrown away: the browser would keep it all. */
export function spent(at: number, start: number): number | null {
  return at - start > 2 * KEEP_S ? at - KEEP_S : null;
}

/** For how many whole seconds no new picture has come; 0 while it counts as live. */
export function silent_s(now_ms: number, frame_ms: number): number {
  const passed = now_ms - frame_ms;
  return passed > SILENT_MS ? Math.round(passed / 1000) : 0;
}
