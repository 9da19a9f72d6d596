/** What the one yes says: the whole plan, or what a person made of it. */
import type { Proposals } from "../../api/types";
import { isPlan } from "../../desk/plan";
import { say } from "../../words/words";

/** The words of the button that sends the chosen units. */
export function yesWords(chosen: ReadonlySet<number>, found: Proposals | null): string {
  if (chosen.size === 0) return say("proposals.dispatch_none");
  const whole = found !== null && chosen.size > 1 && isPlan(chosen, found);
  return say(whole ? "proposals.dispatch_plan" : "proposals.dispatch", { n: chosen.size });
}
