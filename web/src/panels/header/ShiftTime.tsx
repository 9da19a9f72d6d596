/** How long the shift still lasts; in its last quarter of an hour nobody can miss it. */
import { left_s, phase, share } from "../../access/shift";
import type { Shift } from "../../api/access";
import { clock, span } from "../../words/formats";
import { say } from "../../words/words";
import { useHouse } from "../house";

/** The line in the account's menu. */
export function ShiftTime({ shift }: { shift: Shift }) {
  const { now } = useHouse();
  return (
    <div class="shift">
      <p class="line spread">
        <span>{say("shift.times", { from: clock(shift.started_at), to: clock(shift.ends_at) })}</span>
        <b>{say("shift.left", { left: span(left_s(shift, now.value)) })}</b>
      </p>
      <meter min={0} max={1} value={share(shift, now.value)} aria-label={say("shift.title")} />
    </div>
  );
}

/** The warning in the bar: a reader hears it once, its minutes are only seen. */
export function ShiftWarning() {
  const { desk, now } = useHouse();
  const shift = desk.session.value?.shift;
  const ending = shift && phase(shift, now.value) === "ending";
  return (
    <>
      <span class="unseen" aria-live="polite">
        {ending && say("shift.ending")}
      </span>
      {ending && (
        <span class="ending" title={say("shift.ending")}>
          {say("shift.ends_in", { left: span(left_s(shift, now.value)) })}
        </span>
      )}
    </>
  );
}
