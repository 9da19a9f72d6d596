/** Who calibrated a view, as a person says it. */
import type { View } from "../../api/calibration";
import { say } from "../../words/words";

const AT_THE_COMMAND_LINE = "shell"; // which knows no accounts

/** The account, or in the reader's language that it was done from the command line. */
export function whoOf({ calibrated_by }: Pick<View, "calibrated_by">): string {
  return calibrated_by === AT_THE_COMMAND_LINE ? say("calibration.by_shell") : (calibrated_by ?? "");
}
