/** What the level of an area is called. */
import type { Area } from "../api/types";
import { say, sayOf } from "./words";

/**
 * Astana, Almaty and Shymkent by ISO 3166-2:KZ: they stand beside the oblasts and are none (Law of 8 December 1993
 * No. 2572-XII on the administrative-territorial structure).
 */
const CITIES_OF_THE_REPUBLIC = new Set(["KZ-71", "KZ-75", "KZ-79"]);

/** The word for it; nothing where the level was not told. */
export function levelOf({ code, level }: Pick<Area, "code" | "level">): string {
  if (level === undefined) return "";
  return code && CITIES_OF_THE_REPUBLIC.has(code) ? say("level.republic_city") : sayOf("level", String(level));
}
