/** The intake of one telephone call: what is typed is kept by itself, and a person joins it to an incident or opens one. */
import { batch, computed, effect, signal } from "@preact/signals";
import type { CallAtLength, CallChange } from "../api/calls";
import type { Client } from "../api/client";
import type { FoundPlace } from "../api/geocode";
import type { Urgent } from "../api/plans";
import type { Place } from "../api/types";
import { language, say, titleOf } from "../words/words";
import {
  asAddress,
  callerField,
  chosenPlace,
  type Known,
  knownBy,
  type OfCaller,
  openingOf,
  stillKnown,
  tidy,
  waits,
  withCaller,
  withDraft,
} from "./calls";
import type { Desk } from "./desk";
import { gather } from "./gather";
import { type Survivor, survivorOf } from "./survivor";

export type Intake = ReturnType<typeof createIntake>;
/** What the server does not know yet: what was typed of the open call, and how urgent calls were said to be, by call. */
export type Unwritten = { call_id: number | null; draft: CallChange; chosen: ReadonlyMap<number, Urgent> };

/** Build the intake on a client and the desk beside which it stands. */
export function createIntake(client: Client, desk: Desk) {
  const kept = signal<CallAtLength | null>(null);
  const draft = signal<CallChange>({});
  const known = signal<Known>({}); // of the caller: shown for a purpose, or written here, until the form closes
  const later = signal<readonly string[]>([]); // names and phones told later, shown with the rest
  const chosen = signal<ReadonlyMap<number, Urgent>>(new Map()); // by call, otherwise than its category says
  const survivor = signal<Survivor | null>(null); // of the incident that could not be joined
  const opened_id = desk.call_id;
  const urgent = computed<Urgent>(() => chosen.value.get(opened_id.value ?? 0) ?? {}); // for the opening
  const call = computed(() => (kept.value ? withDraft(kept.value, draft.value) : null));
  let keeping: Promise<unknown> = Promise.resolve();
  let writes = 0; // what was read before the last of them is older than what stands here

  function takeOver(answer: CallAtLength): void {
    known.value = stillKnown(known.value, kept.value, answer);
    kept.value = answer;
  }
  const refresh = gather(async () => {
    const [id, before] = [opened_id.value, writes];
    if (id === null) return;
    const answer = await client.call(id).catch((error) => desk.complain(error));
    if (before !== writes) return refresh();
    if (answer && opened_id.value === id) batch(() => takeOver(answer));
  }, 200);

  /** The form is another call's now, or closed: what was typed last is still kept, unless nobody is signed in. */
  function leave(id: number): void {
    const last = draft.peek();
    if (Object.keys(last).length > 0 && desk.session.peek() !== null)
      keeping = keeping.then(() => client.changeCall(id, tidy(last))).catch((error) => desk.complain(error));
    batch(() => {
      kept.value = null;
      draft.value = {};
      known.value = {};
      later.value = [];
      survivor.value = null;
      desk.pointing.value = null;
    });
  }
  let left = opened_id.peek();
  effect(() => {
    const id = opened_id.value;
    if (left !== null && left !== id) leave(left);
    left = id;
  });
  effect(() => {
    if (desk.session.value === null) chosen.value = new Map(); // nobody is signed in
  });

  /** Put a call's form on the right-hand side. */
  function show(id: number, fly = true): void {
    batch(() => {
      opened_id.value = id;
      desk.tab.value = "calls";
      desk.selected.value = { kind: "call", id };
    });
    if (fly) desk.flyTo(desk.calls.value.get(id)?.place, 16);
    refresh();
  }
  function close(): void {
    batch(() => {
      opened_id.value = null;
      if (desk.selected.value?.kind === "call") desk.selected.value = null;
    });
  }

  /** Take over what is typed; it is kept when the field is left. */
  const type = (part: CallChange) => (draft.value = { ...draft.value, ...part });
  /** Take over what is typed into a field of the caller. */
  function typeCaller(part: OfCaller, text: string): void {
    if (kept.value) draft.value = withCaller(kept.value, draft.value, known.value, part, text);
  }
  /** What a field of the caller holds, and its mask as a hint while it is not known whole. */
  const ofCaller = (part: OfCaller) =>
    kept.value ? callerField(kept.value, draft.value, known.value, part) : { value: "", hint: null };
  function answerQuestion(name: string, answer: string | null): void {
    type({ answers: { ...draft.value.answers, [name]: answer } });
  }

  /** Send what was typed since the last time; what is typed meanwhile waits for the next. */
  function keep(): Promise<boolean> {
    const done = keeping.then(async () => {
      const [id, sent] = [opened_id.value, draft.value];
      if (id === null || Object.keys(sent).length === 0) return true;
      try {
        const whole = tidy(sent);
        const answer = await client.changeCall(id, whole);
        if (opened_id.value !== id) return true;
        writes += 1;
        batch(() => {
          known.value = { ...stillKnown(known.value, kept.value, answer), ...knownBy(whole) };
          kept.value = answer;
          draft.value = draft.value === sent ? {} : unsent(draft.value, sent);
        });
        return true;
      } catch (error) {
        desk.complain(error);
        return false;
      }
    });
    keeping = done;
    return done;
  }
  const set = (part: CallChange) => {
    type(part);
    return keep();
  };

  /** Write a part of the call that it was said of, also where another is open by now. */
  async function setOf(id: number | null, part: CallChange): Promise<void> {
    if (id === null) return;
    if (id === opened_id.value) await set(part);
    else await client.changeCall(id, tidy(part)).catch((error) => desk.complain(error));
  }
  function choosePlace(found: FoundPlace): void {
    void set(chosenPlace(found, language.value));
    desk.flyTo(found.place, 17);
  }
  /** The next click on the map is where it is; the address that stands there is written down where none was typed. */
  function point(): void {
    desk.pointing.value = async (place: Place) => {
      const id = opened_id.value;
      desk.pointing.value = null;
      const around = await client.around(place).catch(() => null);
      const found = around?.address?.title[language.value] ?? around?.street?.title[language.value];
      const bare = call.value?.id === id && !call.value?.address; // one may be typed by now, or the form be another's
      const address = found && bare ? { address: asAddress(found) } : {};
      await setOf(id, { place, placed_by: "click", radius_m: null, ...address });
    };
  }

  async function answer(id: number): Promise<void> {
    const done = await desk.act(() => client.answerCall(id));
    desk.refreshCalls();
    if (done) show(id);
  }
  /** Answer whoever waits longest. */
  function answerNext(): Promise<void> | void {
    const first = desk.open_calls.value.find(waits);
    if (first) return answer(first.id);
  }
  /** Write down a call that no exchange reported. */
  async function take(): Promise<void> {
    const made = await desk.act(() => client.takeCall());
    desk.refreshCalls();
    if (made) show(made.id, false);
  }

  /** Say otherwise than its category how urgent the call is: it stands until something came of the call. */
  function chooseUrgent(said: Urgent): void {
    if (opened_id.value !== null)
      chosen.value = new Map(chosen.value).set(opened_id.value, { ...urgent.value, ...said });
  }
  function forgetUrgent(id: number | null): void {
    chosen.value = new Map([...chosen.value].filter(([call_id]) => call_id !== id));
  }
  const unwritten = (): Unwritten => ({ call_id: opened_id.value, draft: draft.value, chosen: chosen.value });
  /** Whoever typed it is back: put the form as it was left, and write down what could not be. */
  function resume(left: Unwritten): void {
    chosen.value = left.chosen;
    if (left.call_id === null) return;
    show(left.call_id, false);
    draft.value = left.draft;
    void keep();
  }

  /** Another category has its own priority and urgency. */
  function chooseCategory(category: string): Promise<boolean> {
    forgetUrgent(opened_id.value);
    return set({ category });
  }
  async function openIncident(): Promise<void> {
    const opening = call.value && openingOf(call.value);
    const id = opened_id.value;
    if (!opening || id === null || !(await keep())) return;
    const made = await desk.act(() => client.openFromCall(id, { ...opening, ...urgent.value }));
    if (!made) return refresh();
    desk.tell(say("said.confirmed", { number: made.number }));
    leaveFor(id, made.id);
  }
  async function join(incident: { id: number; number: string }): Promise<void> {
    const id = opened_id.value;
    if (id === null || !(await keep())) return;
    survivor.value = null;
    const done = await desk.act(async () => {
      await client.joinCall(id, incident.id).catch(learn);
      return true;
    });
    if (!done) return refresh();
    desk.tell(say("said.joined", { number: incident.number }));
    leaveFor(id, incident.id);
  }
  /** What stands for the one that was merged away is offered instead. */
  function learn(error: unknown): never {
    survivor.value = survivorOf(error);
    throw error;
  }
  async function end(outcome: string, reason?: string): Promise<boolean> {
    const id = opened_id.value;
    if (id === null || !(await keep())) return false;
    const done = await desk.act(async () => {
      await client.endCall(id, outcome, reason);
      return true;
    });
    desk.refreshCalls();
    if (!done) return false;
    desk.tell(say("said.call_ended"));
    forgetUrgent(id);
    close();
    return true;
  }
  /** Give the call to another area; throws where the server refuses. */
  async function hand(area_id: number, reason: string): Promise<void> {
    const id = opened_id.value;
    if (id === null || !(await keep())) return;
    const answer = await client.handCall(id, area_id, reason);
    if (opened_id.value === id) kept.value = answer;
    desk.refreshCalls();
    desk.tell(say("said.handed", { area: titleOf(answer.area?.name) }));
  }
  function leaveFor(id: number, incident_id: number): void {
    forgetUrgent(id);
    close();
    desk.refreshCalls();
    desk.refreshIncidents();
    desk.openIncident(incident_id);
  }

  async function showCaller(): Promise<void> {
    const id = opened_id.value;
    const told = id === null ? null : await desk.act(() => client.callCaller(id));
    if (!told || opened_id.value !== id) return;
    batch(() => {
      known.value = { phone: told.phone, caller_name: told.name };
      later.value = [...told.later_phones, ...told.later_names];
    });
  }

  /** A row of the layer changed: the open form is read again where it is its own. */
  function changed(layer: string, id: number): void {
    if (layer === "calls" && id === opened_id.value) refresh();
    if (layer === "incidents" && opened_id.value !== null) refresh(); // its likenesses may be others now
  }

  return {
    call,
    draft,
    known,
    later,
    ofCaller,
    typeCaller,
    urgent,
    chooseUrgent,
    chooseCategory,
    survivor,
    opened_id,
    refresh,
    show,
    close,
    type,
    keep,
    unwritten,
    resume,
    set,
    answerQuestion,
    choosePlace,
    point,
    answer,
    answerNext,
    take,
    openIncident,
    join,
    hand,
    end,
    showCaller,
    changed,
  };
}

/** What was typed while the rest was on its way. */
function unsent(now: CallChange, sent: CallChange): CallChange {
  const fresh = Object.entries(now).filter(([name, value]) => sent[name as keyof CallChange] !== value);
  return Object.fromEntries(fresh) as CallChange;
}
