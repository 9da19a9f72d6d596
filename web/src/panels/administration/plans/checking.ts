/** What the server says of a draft: its faults stay until their places are changed, or it is checked again. */
import { useSignal } from "@preact/signals";
import { Refused } from "../../../api/ask";
import type { Content } from "../../../api/plan_content";
import type { Checked, Fault } from "../../../api/plans";
import type { Title } from "../../../api/types";
import { useTrial } from "../../dialogs/trial";
import { useHouse } from "../../house";
import { stillTold } from "./draft";

/** The faults that a refused version tells of. */
function faultsOf(error: unknown): Fault[] | null {
  if (!(error instanceof Refused) || error.code !== "wrong_plans") return null;
  const told = (error.details.faults ?? []) as ({ where: string } & Title)[];
  return told.map(({ where, ...problem }) => ({ where, problem }));
}

/** Build it; `trial` is shared with whatever else is asked of the server about the draft. */
export function useChecking() {
  const { client } = useHouse();
  const trial = useTrial();
  const checked = useSignal<Checked | null>(null);
  /** Take over what is wrong from a refusal, and let it go on. */
  function learn(error: unknown): never {
    const faults = faultsOf(error);
    if (faults) checked.value = { faults, kinds_nobody_has: [], skills_nobody_has: [], changed: [] };
    throw error;
  }
  async function check(content: Content): Promise<boolean> {
    const answer = await trial.attempt(() => client.checkPlans(content));
    if (answer) checked.value = answer.done;
    return !!answer && answer.done.faults.length === 0;
  }
  /** The draft goes on: faults at places that changed are no longer true. */
  function goOn(before: Content, after: Content): void {
    const left = stillTold(checked.value?.faults ?? [], before, after);
    checked.value = checked.value && left.length > 0 ? { ...checked.value, faults: left } : null;
  }
  const forget = () => (checked.value = null);
  return { trial, checked, check, learn, goOn, forget };
}
