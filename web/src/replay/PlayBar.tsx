/** The bar of whatever plays the past: play and pause, the slider, the speed. */
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { clock, date } from "../words/formats";
import { say } from "../words/words";
import type { Played } from "./keys";

type Props<Speed extends number> = {
  played: Played & { playing: { value: boolean }; speed: Signal<Speed> };
  speeds: readonly Speed[];
  /** What the slider goes over, ms since 1970; null while there is nothing to play. */
  span: { from_ms: number; to_ms: number } | null;
  step_ms: number;
  children?: ComponentChildren;
};

/** A moment with its date, as it is shown and read out. */
export const told = (at_ms: number) => `${date(at_ms)}, ${clock(at_ms, true)}`;

/** The bar; `children` stand between the button and the slider. */
export function PlayBar<Speed extends number>({ played, speeds, span, step_ms, children }: Props<Speed>) {
  const at = played.at_ms.value;
  const chosen = (text: string) => speeds.find((one) => one === Number(text)) ?? (speeds[0] as Speed);
  return (
    <div class="replay-bar" role="group" aria-label={say("replay.controls")}>
      <button type="button" class="primary" disabled={!span} aria-keyshortcuts="Space" onClick={played.toggle}>
        {played.playing.value ? say("replay.pause") : say("replay.play")}
      </button>
      {children}
      <input
        type="range"
        aria-label={say("replay.moment")}
        min={span?.from_ms ?? 0}
        max={span?.to_ms ?? 1}
        step={step_ms}
        value={at}
        disabled={!span}
        aria-valuetext={span ? told(at) : ""}
        onInput={(moved) => played.seek(Number(moved.currentTarget.value))}
      />
      <label>
        <span class="dim">{say("replay.speed")}</span>{" "}
        <select
          value={played.speed.value}
          onChange={({ currentTarget }) => (played.speed.value = chosen(currentTarget.value))}
        >
          {speeds.map((one) => (
            <option key={one} value={one}>
              {one}×
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
