/** Time in hand: play and pause, the slider, the speed; and which interval. */
import { fieldsOf } from "../panels/dialogs/trial";
import { say } from "../words/words";
import { PlayBar, told } from "./PlayBar";
import { type Player, SPEEDS, type Wanted } from "./player";
import { interval, typed } from "./wanted";

const STEP_MS = 1000;

/** The moment that is shown, as nobody can take it for now. */
export function PastClock({ player }: { player: Player }) {
  const at = player.at_ms.value;
  if (!player.span.value) return null;
  return (
    <p class="past-clock">
      <b>{say("replay.past")}</b> <time dateTime={new Date(at).toISOString()}>{told(at)}</time>
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

/** The bar under the map; the interval's end itself is no moment of it. */
export function Controls({ player }: { player: Player }) {
  const span = player.span.value;
  const shown = span && { from_ms: span.from_ms, to_ms: span.to_ms - 1 };
  return <PlayBar played={player} speeds={SPEEDS} span={shown} step_ms={STEP_MS} />;
}
