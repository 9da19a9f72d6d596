/** The calls: those that ring, those that are spoken with, and those that ended. */

import { useSignal } from "@preact/signals";
import type { Call } from "../../api/calls";
import { waitingBy, waits } from "../../desk/calls";
import { stopwatch } from "../../words/formats";
import { say, sayOf, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { ClockSign } from "../clocks/Clock";
import { answerClock } from "../clocks/clock";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { Age, Key, useCategoryTitle } from "../parts";

/** How long is left to answer it, or by how much that is over; without a target how long it rings. */
function AnswerClock({ rang_at }: { rang_at: string }) {
  const { desk, now } = useHouse();
  const clock = answerClock(rang_at, desk.document.value?.answer);
  if (clock) return <ClockSign clock={clock} />;
  return <time dateTime={rang_at}>{stopwatch((now.value - new Date(rang_at).getTime()) / 1000)}</time>;
}

/** How long it rings, or is spoken with, ticking. */
export function CallClock({ call }: { call: Call }) {
  const { now } = useHouse();
  if (call.state === "ended") return <Age at={call.ended_at ?? call.rang_at} />;
  if (call.state === "ringing") return <AnswerClock rang_at={call.rang_at} />;
  const since = call.answered_at ?? call.rang_at;
  return <time dateTime={since}>{stopwatch((now.value - new Date(since).getTime()) / 1000)}</time>;
}

function Row({ call }: { call: Call }) {
  const { desk, intake } = useHouse();
  const category = useCategoryTitle();
  const on = desk.selected.value?.kind === "call" && desk.selected.value.id === call.id;
  const gone = call.handed && !call.ours && say("intake.handed_on", { from: "", to: titleOf(call.area?.name) });
  const state =
    call.state === "ended" && call.outcome ? sayOf("call.outcome", call.outcome) : sayOf("call.state", call.state);
  return (
    <li class={on ? "on" : ""}>
      <button
        type="button"
        class={`row call ${call.state}`}
        data-row={`call-${call.id}`}
        aria-current={on}
        onClick={() => intake.show(call.id)}
      >
        <i class="bell" aria-hidden="true" />
        <span class="what">
          <b>{call.phone ?? call.caller_name ?? say("call.unknown")}</b>
          <span class="dim">{call.address || titleOf(call.area?.name) || say("intake.no_place")}</span>
          {gone && <span class="said">{gone}</span>}
          {(call.category || call.said) && (
            <span class="said">
              {[call.category && category(call.category), call.said].filter(Boolean).join(" · ")}
            </span>
          )}
        </span>
        <span class="side">
          <CallClock call={call} />
          <span class={`state ${call.state}`}>{state}</span>
        </span>
      </button>
    </li>
  );
}

function Ended() {
  const { client } = useHouse();
  const { value, wrong } = useAsked(() => client.calls("ended", 50));
  return (
    <>
      <Alert>{wrong.value}</Alert>
      <ul class="rows" aria-label={say("call.state.ended")}>
        {value.value?.calls.map((call) => (
          <Row key={call.id} call={call} />
        ))}
      </ul>
    </>
  );
}

/** How many of the open calls are on the list, where it is not all of them. */
function More({ shown }: { shown: number }) {
  const { desk } = useHouse();
  const total = desk.calls_total.value;
  if (shown >= total) return null;
  return (
    <p class="filter line spread">
      <span>{say("calls.shown", { n: shown, m: total })}</span>
      <button type="button" onClick={() => desk.moreCalls()}>
        {say("calls.more")}
      </button>
    </p>
  );
}

/** The list, with a way to write down a call by hand. */
export function CallList() {
  const { desk, intake } = useHouse();
  const past = useSignal(false);
  const calls = desk.open_calls.value;
  return (
    <>
      <div class="filter line spread">
        <label class="tick">
          <input
            type="checkbox"
            checked={past.value}
            onChange={(ticked) => (past.value = ticked.currentTarget.checked)}
          />
          {say("calls.ended_too")}
        </label>
        {desk.may("calls.take") && (
          <button type="button" disabled={desk.busy.value} onClick={() => void intake.take()}>
            {say("calls.take")} <Key name="N" />
          </button>
        )}
      </div>
      {calls.length === 0 && !past.value && (
        <div class="empty">
          <b>{say("calls.empty")}</b>
        </div>
      )}
      <ul class="rows">
        {calls.map((call) => (
          <Row key={call.id} call={call} />
        ))}
      </ul>
      <More shown={calls.length} />
      {past.value && <Ended />}
    </>
  );
}

/** What waits is told by how it came: by telephone, taken by the exchange, or from another area. */
function waiting(calls: readonly Call[]): string {
  const { ringing, taken, handed } = waitingBy(calls);
  const parts = [
    ringing && say("calls.ringing", { n: ringing }),
    taken && say("calls.taken", { n: taken }),
    handed && say("calls.handed", { n: handed }),
  ];
  return parts.filter(Boolean).join(" · ");
}

/** What rings stands over every list, so that nobody has to look for it. */
export function Ringing() {
  const { desk, intake, now } = useHouse();
  const ringing = desk.open_calls.value.filter(waits);
  const [first] = ringing;
  const waits_s = first ? (now.value - new Date(first.rang_at).getTime()) / 1000 : 0;
  return (
    <div class="ringing" hidden={!first}>
      <span class="unseen" aria-live="assertive">
        {waiting(ringing)}
      </span>
      {first && (
        <>
          <i class="bell" aria-hidden="true" />
          <span class="what">
            <b>{waiting(ringing)}</b>
            <span class="dim">
              {first.state === "ringing" ? <AnswerClock rang_at={first.rang_at} /> : stopwatch(waits_s)} ·{" "}
              {first.phone ?? say("call.unknown")}
            </span>
          </span>
          {desk.may("calls.answer") && (
            <button type="button" class="primary" disabled={desk.busy.value} onClick={() => void intake.answerNext()}>
              {say("intake.answer")} <Key name="A" />
            </button>
          )}
        </>
      )}
    </div>
  );
}
