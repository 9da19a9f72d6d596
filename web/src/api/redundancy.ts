/** What nobody sees any more where something fails, as it travels. */
import type { Ask } from "./ask";
import type { Title } from "./types";

export const WAYS = ["camera", "pole", "node", "link"] as const;
export type Way = (typeof WAYS)[number];
export type Lost = {
  name: string;
  title: Title | null;
  cameras: number;
  ground_m2: number;
  streets_m: number;
  incidents: number;
  accidents: number;
  places: number;
  schools: number;
  addresses: number;
};
export type LostGround = { type: "FeatureCollection"; features: unknown[]; whole: boolean };

/** The questions of the client. */
export function redundancyQuestions(ask: Ask) {
  const asked = (told: Record<string, string>) => new URLSearchParams(told).toString();
  return {
    lost: (purpose: string, by: Way, past: number) =>
      ask<{ lost: Lost[]; next: number | null }>(
        "GET",
        `/api/coverage/redundancy?${asked({ purpose, by, past: String(past), limit: "20" })}`,
      ),
    lostGround: (purpose: string, by: Way, name: string) =>
      ask<LostGround>("GET", `/api/coverage/redundancy/ground?${asked({ purpose, by, name })}`),
  };
}
