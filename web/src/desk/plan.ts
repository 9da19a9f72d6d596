/** The shortlist by the needs of the plan; pure. */
import type { Proposal, Proposals, ProposedNeed, Shortfall } from "../api/types";

export type NeedRow = { need: ProposedNeed; proposals: Proposal[]; shortfall: Shortfall | null };

const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((one, i) => one === b[i]);

/** What is missing of one need. */
function shortOf(need: ProposedNeed, shortfall: readonly Shortfall[]): Shortfall | null {
  return (
    shortfall.find((s) => s.service === need.service && same(s.kinds, need.kinds) && same(s.skills, need.skills)) ??
    null
  );
}

/** Each need of the plan with who could answer it, the chosen ones first, as the server ranked them. */
export function byNeed(found: Proposals): NeedRow[] {
  return found.needs.map((need, i) => ({
    need,
    proposals: found.proposals.filter((proposal) => proposal.need === i),
    shortfall: shortOf(need, found.shortfall),
  }));
}

/** Whether exactly what the plan chose is chosen. */
export function isPlan(chosen: ReadonlySet<number>, found: Proposals): boolean {
  return found.chosen.length > 0 && found.chosen.length === chosen.size && found.chosen.every((id) => chosen.has(id));
}

/** How much slower than the quickest of its need, in seconds. */
export function behind_s(proposal: Proposal, proposals: readonly Proposal[]): number {
  return proposal.eta_s - Math.min(...proposals.map((one) => one.eta_s));
}
