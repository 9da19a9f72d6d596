/** Time in hand under the pictures, which say their own moment in no larger letters. */
import { PlayBar, told } from "../../replay/PlayBar";
import { type Clock, SPEEDS } from "../../video/archive/clock";

const STEP_MS = 100;

/** The bar. */
export function Controls({ clock }: { clock: Clock }) {
  const at = clock.at_ms.value;
  return (
    <PlayBar played={clock} speeds={SPEEDS} span={clock.span.value} step_ms={STEP_MS}>
      <time dateTime={new Date(at).toISOString()}>{told(at)}</time>
    </PlayBar>
  );
}
