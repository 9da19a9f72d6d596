/** The regime that an area works in: set by a commander, inherited downwards, the strictest counts. */
import type { AreaNode } from "./access";
import type { Ask } from "./ask";
import type { Regime } from "./plans";
import type { Title } from "./types";

export type SetRegime = { area: AreaNode; name: Regime; reason: string; set_at: string; set_by: string };
export type RegimeNow = {
  area_id: number;
  name: Regime;
  title: Title;
  about: Title;
  /** Where it was set; none where nobody set any. */
  by: SetRegime | null;
  /** Every one that is set and that one reads. */
  every: SetRegime[];
  /** The newest version of the plans. */
  plans: number;
};
export const REGIMES: readonly Regime[] = ["everyday", "raised", "emergency"];

/** Build the questions on a way to ask. */
export function regimeQuestions(ask: Ask) {
  return {
    /** Of the area entered. */
    regime: () => ask<RegimeNow>("GET", "/api/regime"),
    setRegime: (area_id: number, name: Regime, reason: string) =>
      ask<RegimeNow>("PUT", "/api/regime", { body: { area_id, name, reason } }),
  };
}
