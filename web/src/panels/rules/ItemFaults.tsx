/** What the server says against a rule or a mask, beside what stands at its fields. */
import type { Fault } from "../../api/rules";
import { faultsAt } from "./draft";
import { saidOf } from "./faults";

type Props = { faults: readonly Fault[]; where: string; except: readonly string[] };

/** What is wrong and is shown at no field of its own. */
export function ItemFaults({ faults, where, except }: Props) {
  const shown = except.flatMap((part) => faultsAt(faults, `${where}.${part}`));
  return (
    <>
      {faultsAt(faults, where)
        .filter((fault) => !shown.includes(fault))
        .map((fault) => (
          <p class="wrong" key={fault.where + fault.problem.en}>
            {saidOf(fault)}
          </p>
        ))}
    </>
  );
}
