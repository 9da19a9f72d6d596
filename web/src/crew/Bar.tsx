/** The bar on top: which unit, how it stands, and how old what is shown is. */
import { freshness } from "../live/freshness";
import { ago, clock } from "../words/formats";
import { say } from "../words/words";
import { usePage } from "./page";
import { statusTitle } from "./words";

/** Three looks of three seconds may fail before what is shown is called old. */
const LATE_S = 12;
/** A phone whose clock is this wrong tells wrong times. */
const WRONG_CLOCK_S = 60;

/** How old what is shown is, in seconds; null before anything was heard. */
export function useAge(): number | null {
  const { crew, now } = usePage();
  const heard = crew.heard.value;
  return heard && Math.max(0, (now.value - heard.at_ms) / 1000);
}

/** Whether what is shown may be trusted as it stands. */
export const isOld = (age_s: number | null): boolean => age_s === null || age_s > LATE_S;

/** By how much the phone's clock differs from the server's, in seconds, where that is too much; else 0. */
export function wrongClock(server_time: string, heard_ms: number): number {
  const off_s = (heard_ms - Date.parse(server_time)) / 1000;
  return Math.abs(off_s) > WRONG_CLOCK_S ? off_s : 0;
}

function Age() {
  const { crew } = usePage();
  const age_s = useAge();
  const lost = crew.lost.value || isOld(age_s);
  const grade = lost || age_s === null ? "offline" : freshness(Math.max(0, age_s - 3), true);
  const text = age_s === null ? "—" : ago(age_s);
  return (
    <span class={`age ${grade}`} title={say("crew.age")}>
      <i aria-hidden="true" />
      <span class="unseen">{say("crew.age")} </span>
      {text}
    </span>
  );
}

/** The bar. */
export function Bar() {
  const { crew, outbox } = usePage();
  const unit = crew.heard.value?.answer.unit;
  const here = crew.here.value;
  const status = here?.task && !here.task.ended ? here.task.status : here?.duty === "on" ? "free" : here?.duty;
  const unsent = outbox.waiting.value.length;
  return (
    <header class="bar">
      <div class="who">
        <h1>{unit?.call_sign ?? crew.person.value?.name}</h1>
        {status && <p>{statusTitle(status)}</p>}
      </div>
      {unsent > 0 && (
        <span class="chip unsent" title={clock(outbox.waiting.value[0]?.at ?? "")}>
          <span aria-hidden="true">↑{unsent}</span>
          <span class="unseen">{say("crew.unsent_n", { n: unsent })}</span>
        </span>
      )}
      <Age />
    </header>
  );
}
