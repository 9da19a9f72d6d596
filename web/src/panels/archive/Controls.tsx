/** Time in hand: play and pause, the slider, the speed. */
import { type Clock, SPEEDS } from "../../video/archive/clock";
import { date, clock as time } from "../../words/formats";
import { say } from "../../words/words";

const STEP_MS = 10_000;
const TYPES = "input:not([type=range]), select, textarea, dialog";

/** Space plays and pauses; arrows go ten seconds, with Shift a minute; + and − change the speed. */
export function onKey(clock: Clock, pressed: KeyboardEvent): void {
  const at = pressed.target as HTMLElement;
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || at.closest(TYPES)) return;
  const by = STEP_MS * (pressed.shiftKey ? 6 : 1);
  const does: Record<string, () => void> = {
    " ": clock.toggle,
    ArrowLeft: () => clock.seek(clock.at_ms.peek() - by),
    ArrowRight: () => clock.seek(clock.at_ms.peek() + by),
    "+": () => clock.faster(1),
    "-": () => clock.faster(-1),
  };
  const act = does[pressed.key];
  if (!act || (pressed.key === " " && at.closest("button, a, summary"))) return;
  pressed.preventDefault();
  act();
}

/** The bar under the pictures. */
export function Controls({ clock }: { clock: Clock }) {
  const [span, at] = [clock.span.value, clock.at_ms.value];
  const told = `${date(new Date(at).toISOString())}, ${time(new Date(at).toISOString(), true)}`;
  return (
    <div class="replay-bar" role="group" aria-label={say("replay.controls")}>
      <button type="button" class="primary" aria-keyshortcuts="Space" onClick={clock.toggle}>
        {clock.playing.value ? say("replay.pause") : say("replay.play")}
      </button>
      <time dateTime={new Date(at).toISOString()}>{told}</time>
      <input
        type="range"
        aria-label={say("replay.moment")}
        min={span.from_ms}
        max={span.to_ms}
        step={100}
        value={at}
        aria-valuetext={told}
        onInput={(moved) => clock.seek(Number(moved.currentTarget.value))}
      />
      <label>
        <span class="dim">{say("replay.speed")}</span>{" "}
        <select
          value={clock.speed.value}
          onChange={(chosen) =>
            (clock.speed.value = SPEEDS.find((one) => one === Number(chosen.currentTarget.value)) ?? 1)
          }
        >
          {SPEEDS.map((one) => (
            <option key={one} value={one}>
              {one}×
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
