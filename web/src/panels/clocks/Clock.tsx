/** Clocks that run: how long is left, that it is short, or by how much the target is breached. */
import type { RunningClock } from "../../api/clocks";
import { stopwatch } from "../../words/formats";
import { say, sayOf, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { ServiceSign, useServiceTitle } from "../parts";
import { byUrgency, readClock } from "./clock";

/** What it is called: the clock, and of which service. */
function useClockTitle(): (clock: RunningClock) => string {
  const service = useServiceTitle();
  return (clock) => [titleOf(clock.title), clock.service && service(clock.service)].filter(Boolean).join(", ");
}

/** The time and its sign: an hourglass, an exclamation mark past the target, a tick when it was met. */
const SIGNS = { running: "", warned: "◔ ", breached: "! ", met: "✓ ", missed: "! " } as const;

/** One short sign for a row: the time that is left, or by how much it is over. */
export function ClockSign({ clock }: { clock: RunningClock | null | undefined }) {
  const { now } = useHouse();
  const title = useClockTitle();
  if (!clock) return null;
  const read = readClock(clock, now.value);
  const shown = (read.left_s < 0 ? "+" : "") + stopwatch(Math.abs(read.left_s));
  return (
    <span class={`clock ${read.state}`} title={`${title(clock)}: ${sayOf("clock.state", read.state)}`}>
      <span class="unseen">
        {title(clock)}, {sayOf("clock.state", read.state)}{" "}
      </span>
      {SIGNS[read.state]}
      {shown}
    </span>
  );
}

/** One clock with its name, its bar and its target. */
export function Clock({ clock }: { clock: RunningClock }) {
  const { now } = useHouse();
  const title = useClockTitle();
  const read = readClock(clock, now.value);
  return (
    <li class={`clock-line ${read.state}`}>
      {clock.service ? <ServiceSign service={clock.service} /> : <span class="no-sign" />}
      <span class="what">
        <span>{titleOf(clock.title)}</span>
        <meter min={0} max={1} value={read.share} aria-label={title(clock)} />
      </span>
      <span class="side">
        <ClockSign clock={clock} />
        <span class="dim">{say("clock.target", { time: stopwatch(clock.target_s) })}</span>
      </span>
    </li>
  );
}

/** All clocks of an incident: those that run, and folded those that have ended. */
export function Clocks({ clocks }: { clocks: readonly RunningClock[] | undefined }) {
  const { now } = useHouse();
  const ordered = byUrgency(clocks ?? [], now.value);
  const [running, ended] = [ordered.filter((one) => !one.ended_at), ordered.filter((one) => one.ended_at)];
  if (ordered.length === 0) return null;
  return (
    <section class="clocks" aria-label={say("clock.title")}>
      <ul>
        {running.map((clock) => (
          <Clock key={`${clock.name} ${clock.service}`} clock={clock} />
        ))}
      </ul>
      {ended.length > 0 && (
        <details>
          <summary>{say("clock.ended", { n: ended.length })}</summary>
          <ul>
            {ended.map((clock) => (
              <Clock key={`${clock.name} ${clock.service}`} clock={clock} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
