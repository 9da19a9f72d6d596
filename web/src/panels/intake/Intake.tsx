/** The intake form of a call, made for the keyboard: who, where, what, the questions, and join or open. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { CallAtLength } from "../../api/calls";
import { writable } from "../../desk/calls";
import { clock, stopwatch } from "../../words/formats";
import { say, sayOf } from "../../words/words";
import { Fold } from "../card/Fold";
import { useHouse } from "../house";
import { Acts } from "./Acts";
import { AddressField } from "./AddressField";
import { EndCall } from "./EndCall";
import { entryTold } from "./entry_told";
import { CallerFields, Said, What } from "./Fields";
import { HandedLine, HandOver } from "./HandOver";
import { Likenesses } from "./Likenesses";
import { Questions } from "./Questions";
import { Survivor } from "./Survivor";

function Head({ call }: { call: CallAtLength }) {
  const { intake, now } = useHouse();
  const since = call.state === "ringing" ? call.rang_at : (call.answered_at ?? call.rang_at);
  const until = call.ended_at ? new Date(call.ended_at).getTime() : now.value;
  return (
    <header class={`head call-${call.state}`}>
      <i class="bell" aria-hidden="true" />
      <div>
        <h2>{say("intake.title")}</h2>
        <p class="dim">
          <span class={`state ${call.state}`}>{sayOf("call.state", call.state)}</span>{" "}
          {stopwatch((until - new Date(since).getTime()) / 1000)}
          {call.line && ` · ${call.line}`}
          {call.answered_by && ` · ${call.answered_by}`}
        </p>
      </div>
      <button type="button" class="quiet" aria-label={say("close_panel")} title="Esc" onClick={intake.close}>
        ✕
      </button>
    </header>
  );
}

function Same({ call, may }: { call: CallAtLength; may: boolean }) {
  const { intake } = useHouse();
  if (call.likenesses.length === 0) return null;
  return (
    <section class="same" aria-labelledby="intake-same">
      <h3 id="intake-same">{say("intake.same", { n: call.likenesses.length })}</h3>
      <Likenesses
        likenesses={call.likenesses}
        act={say("intake.join")}
        take={may ? (one) => void intake.join(one.incident) : null}
        keys
      />
    </section>
  );
}

function Entries({ call }: { call: CallAtLength }) {
  if (call.entries.length === 0) return null;
  return (
    <Fold
      id="intake-entries"
      title={say("intake.entries")}
      shut
      aside={<span class="count">{call.entries.length}</span>}
    >
      <ol class="timeline">
        {call.entries.map((entry) => (
          <li key={`${entry.at} ${entry.kind} ${JSON.stringify(entry.details)}`}>
            <time dateTime={entry.at}>{clock(entry.at, true)}</time>
            <span>
              <b>{sayOf("call.entry", entry.kind)}</b> {entryTold(entry)} <span class="dim">{entry.who}</span>
            </span>
          </li>
        ))}
      </ol>
    </Fold>
  );
}

/** Keys of the form by their place, because letters move when the layout is Cyrillic. */
function useFormKeys(form: { current: HTMLElement | null }) {
  const { intake } = useHouse();
  return (pressed: KeyboardEvent) => {
    const fields: Record<string, string> = { KeyA: "#intake-address", KeyS: "#intake-said", KeyC: "#intake-category" };
    const digit = /^Digit([1-9])$/.exec(pressed.code)?.[1];
    const call = intake.call.value;
    if (pressed.ctrlKey && pressed.code === "Enter") void intake.openIncident();
    else if (pressed.altKey && fields[pressed.code])
      form.current?.querySelector<HTMLElement>(fields[pressed.code] ?? "")?.focus();
    else if (pressed.altKey && pressed.code === "KeyQ")
      form.current?.querySelector<HTMLElement>(".questions :is(button, input)")?.focus();
    else if (pressed.altKey && digit && call) {
      const same = call.likenesses[Number(digit) - 1];
      if (same) void intake.join(same.incident);
    } else return;
    pressed.preventDefault();
    pressed.stopPropagation();
  };
}

/** The form; nothing where no call is open. */
export function Intake() {
  const { desk, intake } = useHouse();
  const form = useRef<HTMLElement>(null);
  const asking = useSignal<"end" | "hand" | null>(null);
  const press = useFormKeys(form);
  const call = intake.call.value;
  const [id, answered] = [call?.id, call?.state === "answered"];
  useEffect(() => {
    if (answered) form.current?.querySelector<HTMLElement>("#intake-address")?.focus();
  }, [id, answered]);
  if (desk.call_id.value === null) return null;
  if (!call)
    return (
      <aside class="card intake" aria-label={say("intake.title")} aria-busy="true">
        <p class="empty">{say("loading")}</p>
      </aside>
    );
  const open = writable(call, desk.account.value?.name);
  const may = desk.may("calls.edit") && open.said;
  const places = desk.may("calls.edit") && open.where; // the incident's own place and category are its card's
  return (
    <aside class="card intake" aria-label={`${say("intake.title")} ${call.id}`} ref={form} onKeyDown={press}>
      <Head call={call} />
      <div class="scroll stack" tabIndex={-1}>
        <HandedLine call={call} />
        <CallerFields may={may} />
        <AddressField call={call} may={places} />
        <Said call={call} may={may} />
        <What call={call} may={places} />
        {intake.survivor.value && <Survivor survivor={intake.survivor.value} join={(one) => void intake.join(one)} />}
        <Same call={call} may={places} />
        <Questions call={call} may={may} />
        <Entries call={call} />
      </div>
      <Acts call={call} end={() => (asking.value = "end")} hand={() => (asking.value = "hand")} />
      {asking.value === "end" && <EndCall close={() => (asking.value = null)} />}
      {asking.value === "hand" && <HandOver call={call} close={() => (asking.value = null)} />}
    </aside>
  );
}
