/** What must not be missed: a panic until somebody has it, no connection, what was refused, a phone that misbehaves. */
import { clock, span } from "../words/formats";
import { say, titleOf } from "../words/words";
import { actTitle } from "./acts";
import { isOld, useAge, wrongClock } from "./Bar";
import { newer, replace } from "./installed";
import { usePage } from "./page";
import { whereOf } from "./words";

function PanicBanner() {
  const { crew, outbox } = usePage();
  const panic = crew.here.value?.panic ?? unheard(outbox.waiting.value);
  if (!panic) return null;
  const state = panic.waiting ? "unsent" : panic.acknowledged_at ? "acknowledged" : panic.anew ? "sent_anew" : "sent";
  return (
    <section class={`banner panic ${state}`} role="alert">
      <strong>{say("crew.panic.title")}</strong>
      <span>
        {say(`crew.panic.${state}`, {
          at: clock(panic.pressed_at, true),
          who: panic.acknowledged_by ?? "",
          taken: panic.acknowledged_at ? clock(panic.acknowledged_at, true) : "",
        })}
      </span>
    </section>
  );
}

/** A panic that was pressed before the server was ever heard on this phone. */
function unheard(waiting: readonly { at: string; act: { kind: string } }[]) {
  const pressed = waiting.find((entry) => entry.act.kind === "panic");
  return (
    pressed && { pressed_at: pressed.at, acknowledged_at: null, acknowledged_by: null, anew: false, waiting: true }
  );
}

/** The task leads elsewhere than it did: until the crew says that it knows, others are asked in its stead. */
function Moved() {
  const { crew, act } = usePage();
  const task = crew.here.value?.task;
  const told = task?.redirected;
  if (!task || !told) return null;
  return (
    <section class="banner moved" role="alert">
      <strong>{say("crew.moved.title")}</strong>
      <span>
        {whereOf(task.incident)} · {task.incident.number}
      </span>
      <button type="button" class="main" onClick={() => act({ kind: "notice", notice_id: told.notice_id })}>
        {say("crew.moved.know")}
      </button>
    </section>
  );
}

function Offline() {
  const { crew, outbox, now } = usePage();
  const age_s = useAge();
  const unsent = outbox.waiting.value;
  const oldest = unsent[0];
  const stuck = oldest && now.value - Date.parse(oldest.at) > 3000;
  const lost = crew.lost.value || isOld(age_s);
  if (crew.refused.value || (!lost && !stuck)) return null;
  return (
    <section class="banner offline">
      <div role="status">
        {lost && <strong>{say("crew.offline")}</strong>}
        {unsent.length > 0 && <span class="line-of">{say("crew.unsent_n", { n: unsent.length })}</span>}
      </div>
      {isOld(age_s) && age_s !== null && <span>{say("crew.shown_age", { age: span(age_s) })}</span>}
      <button type="button" onClick={() => void outbox.flush().then(crew.wake)}>
        {say("crew.try_now")}
      </button>
    </section>
  );
}

function RefusedActs() {
  const { outbox } = usePage();
  return (
    <>
      {outbox.refused.value.map((entry) => (
        <section class="banner refused" role="alert" key={entry.n}>
          <strong>{say("crew.refused", { what: actTitle(entry.act), at: clock(entry.at) })}</strong>
          <span>{titleOf(entry.refused?.title) || entry.refused?.code}</span>
          <button type="button" onClick={() => void outbox.putAway(entry.n)}>
            {say("crew.put_away")}
          </button>
        </section>
      ))}
    </>
  );
}

function NotACrew() {
  const refused = usePage().crew.refused.value;
  if (!refused) return null;
  return (
    <section class="banner refused" role="alert">
      <strong>{titleOf(refused.title) || refused.code}</strong>
      <span>{say("crew.not_a_crew")}</span>
    </section>
  );
}

function Phone() {
  const { crew, trouble, lasting } = usePage();
  const heard = crew.heard.value;
  const off_s = heard ? wrongClock(heard.answer.server_time, heard.at_ms) : 0;
  const said = [
    trouble.value,
    lasting ? null : say("crew.not_lasting"),
    off_s ? say("crew.wrong_clock", { span: span(Math.abs(off_s)) }) : null,
  ].filter((one) => one !== null);
  return said.length === 0 ? null : (
    <section class="banner phone-trouble" role="status">
      {said.map((one) => (
        <span key={one}>{one}</span>
      ))}
    </section>
  );
}

function Newer() {
  if (!newer.value) return null;
  return (
    <section class="banner newer" role="status">
      <span>{say("crew.newer")}</span>
      <button type="button" onClick={replace}>
        {say("crew.newer_take")}
      </button>
    </section>
  );
}

/** All of them, the gravest on top. */
export function Banners() {
  return (
    <div class="banners">
      <PanicBanner />
      <Moved />
      <RefusedActs />
      <NotACrew />
      <Offline />
      <Phone />
      <Newer />
    </div>
  );
}
