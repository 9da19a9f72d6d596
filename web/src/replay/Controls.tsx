/** Time in hand: play and pause, the slider, the speed; and which interval. */
import { fieldsOf } from "../panels/dialogs/trial";
import { clock, date } from "../words/formats";
import { say } from "../words/words";
import { type Player, SPEEDS, type Wanted } from "./player";
import { interval, typed } from "./wanted";

/** The moment that is shown, as nobody can take it for now. */
export function PastClock({ player }: { player: Player }) {
  const at = player.at_ms.value;
  if (!player.span.value) return null;
  return (
    <p class="past-clock">
      <b>{say("replay.past")}</b>{" "}
      <time dateTime={new Date(at).toISOString()}>
        {date(at)}, {clock(at, true)}
      </time>
    </p>
  );
}

/** The interval that is shown. */
export function SpanForm({ wanted, open }: { wanted: Wanted; open: (wanted: Wanted) => void }) {
  function submit(submitted: SubmitEvent): void {
    const told = interval(fieldsOf(submitted), wanted);
    if (told) open(told);
  }
  return (
    <form class="sieve" aria-label={say("replay.interval")} onSubmit={submit}>
      {(["from", "to"] as const).map((name) => (
        <label class="field" key={name}>
          {say(`audit.${name}`)}
          <input type="datetime-local" name={name} required defaultValue={typed(wanted[`${name}_ms`])} />
        </label>
      ))}
      <button type="submit">{say("replay.open")}</button>
    </form>
  );
}

/** The bar under the map. */
export function Controls({ player }: { player: Player }) {
  const span = player.span.value;
  const [at, playing] = [player.at_ms.value, player.playing.value];
  return (
    <div class="replay-bar" role="group" aria-label={say("replay.controls")}>
      <button type="button" class="primary" disabled={!span} aria-keyshortcuts="Space" onClick={player.toggle}>
        {playing ? say("replay.pause") : say("replay.play")}
      </button>
      <input
        type="range"
        aria-label={say("replay.moment")}
        min={span?.from_ms ?? 0}
        max={span ? span.to_ms - 1 : 1}
        step={1000}
        value={at}
        disabled={!span}
        aria-valuetext={span ? `${date(at)}, ${clock(at, true)}` : ""}
        onInput={(moved) => player.seek(Number(moved.currentTarget.value))}
      />
      <label>
        <span class="dim">{say("replay.speed")}</span>{" "}
        <select
          value={player.speed.value}
          onChange={(chosen) =>
            (player.speed.value = SPEEDS.find((one) => one === Number(chosen.currentTarget.value)) ?? 1)
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
