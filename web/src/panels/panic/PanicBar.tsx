/** A crew in danger: on every page, above every dialog, until somebody has seen it and somebody says that it is over. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { addressOf } from "../../access/way";
import type { Panic } from "../../api/panics";
import { clock } from "../../words/formats";
import { say } from "../../words/words";
import { fieldsOf, useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { Age, Key } from "../parts";
import { Chains } from "./Chains";

/** Whether the alarm is heard; where the browser forbids it, how to allow it. */
function Sound() {
  const { alarm } = useHouse();
  const voice = alarm.voice.value;
  if (voice === "none") return <span class="unheard">{say("panic.no_sound")}</span>;
  if (voice !== "blocked") return null;
  return (
    <button type="button" class="unheard" onClick={alarm.wake}>
      {say("panic.sound_blocked")}
    </button>
  );
}

/** What is said when it is over; why goes on the record. */
function Ending({ panic, close }: { panic: Panic; close: () => void }) {
  const { panics } = useHouse();
  const trial = useTrial();
  async function end(submitted: SubmitEvent): Promise<void> {
    const reason = fieldsOf(submitted).reason?.trim() ?? "";
    if (await trial.attempt(() => panics.end(panic, reason))) close();
  }
  return (
    <form class="line" onSubmit={end}>
      <input
        name="reason"
        required
        maxLength={500}
        autofocus
        aria-label={say("panic.end_why")}
        placeholder={say("panic.end_why")}
      />
      <button type="submit" disabled={trial.busy.value}>
        {say("panic.end")}
      </button>
      <button type="button" class="quiet" onClick={close}>
        {say("cancel")}
      </button>
      <span role="alert">{trial.wrong.value}</span>
    </form>
  );
}

/** Pressed after somebody had acknowledged it: nobody has heard that press, whoever heard the one before. */
function Anew({ panic }: { panic: Panic }) {
  const before = panic.heard_before.at(-1);
  if (!before || !panic.repeated_at) return null;
  return <b class="anew">{say("panic.anew", { at: clock(panic.repeated_at, true), who: before.by })}</b>;
}

function Facts({ panic }: { panic: Panic }) {
  return (
    <span class="what">
      <b class="who">{say("panic.title", { unit: panic.unit.call_sign })}</b>
      <span>
        {clock(panic.raised_at, true)} · <Age at={panic.raised_at} /> · {panic.raised_by}
        {panic.repeats > 0 && ` · ${say("panic.repeats", { n: panic.repeats })}`}
        {panic.late && ` · ${say("panic.late")}`}
        {panic.incident && ` · ${panic.incident.number}`}
        {!panic.place && ` · ${say("panic.no_place")}`}
        {panic.acknowledged_by && ` · ${say("panic.acknowledged", { who: panic.acknowledged_by })}`}
      </span>
      <Anew panic={panic} />
      <Chains chains={panic.notices} />
    </span>
  );
}

function Row({ panic }: { panic: Panic }) {
  const { desk, panics } = useHouse();
  const ending = useSignal(false);
  function show(): void {
    location.hash = addressOf("desk");
    panics.show(panic);
  }
  const loud = panic.acknowledged_at === null;
  return (
    <li class={loud ? "panic loud-panic" : "panic"}>
      <svg width="28" height="28" viewBox="0 0 24 24" aria-hidden="true">
        <path d="M12 2 23 21.500H1zM11 9v6h2V9zm0 7.500v2h2v-2z" fill="currentColor" fill-rule="evenodd" />
      </svg>
      <Facts panic={panic} />
      {loud && <Sound />}
      {ending.value ? (
        <Ending panic={panic} close={() => (ending.value = false)} />
      ) : (
        <span class="line">
          {loud && desk.may("panics.act") && (
            <button
              type="button"
              class="acknowledge"
              disabled={desk.busy.value}
              onClick={() => void panics.acknowledge(panic)}
            >
              {say("panic.acknowledge")} <Key name="P" />
            </button>
          )}
          <button type="button" onClick={show}>
            {say("show_on_map")}
          </button>
          {!loud && desk.may("panics.act") && (
            <button type="button" onClick={() => (ending.value = true)}>
              {say("panic.end")}…
            </button>
          )}
        </span>
      )}
    </li>
  );
}

/** P takes the keyboard to the alarm from wherever it is, but for a field that is typed in; Enter then acknowledges. */
function useKey(): void {
  useEffect(() => {
    function press(pressed: KeyboardEvent): void {
      const typing = (pressed.target as Element | null)?.matches?.("input, textarea, select");
      if (pressed.code !== "KeyP" || pressed.ctrlKey || pressed.metaKey || pressed.altKey || typing) return;
      const first = (within: string) => document.querySelector<HTMLElement>(`${within} .panics button`);
      (first("dialog[open]") ?? first("#app"))?.focus(); // behind a dialog nothing can be pressed
    }
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}

/** The bar; nothing where no crew is in danger. */
export function PanicBar() {
  const { panics, desk } = useHouse();
  useKey();
  const list = panics.list.value;
  if (!desk.account.value || list.length === 0) return null;
  return (
    <section class="panics" role="alert" aria-label={say("panic.sign")}>
      <ul>
        {list.map((panic) => (
          <Row key={panic.id} panic={panic} />
        ))}
      </ul>
    </section>
  );
}
