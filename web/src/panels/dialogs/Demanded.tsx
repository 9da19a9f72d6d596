/** The dialog that the server demands, where it demands one. */
import { useHouse } from "../house";
import { AskPurpose } from "./AskPurpose";
import { StepUp } from "./StepUp";

export function Demanded() {
  const demand = useHouse().demands.open.value;
  if (demand?.kind === "step_up") return <StepUp means={demand.means} answer={demand.answer} />;
  if (demand?.kind === "purpose") return <AskPurpose answer={demand.answer} />;
  return null;
}
