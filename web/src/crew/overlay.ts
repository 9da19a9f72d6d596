/** What the crew sees: what the server said last, with what it has not taken yet laid over it (pure). */
import { isOpen, nextOf } from "./flow";
import type { Answer, Entry, Message, Panic, Task } from "./values";

export type ShownMessage = Message & { key: string; waiting: boolean };
export type ShownTask = Task & { waiting: boolean; ended: boolean };
/** `pressed_at`: the press that is spoken of, the last one where the panic rings anew. */
export type ShownPanic = Pick<Panic, "acknowledged_at" | "acknowledged_by" | "anew"> & {
  pressed_at: string;
  waiting: boolean;
};
export type Shown = {
  duty: string;
  duty_waiting: boolean;
  task: ShownTask | null;
  /** Oldest first: the newest stands next to the field. */
  messages: ShownMessage[];
  panic: ShownPanic | null;
};

type Of<K extends string> = Entry & { act: { kind: K } };
const of = <K extends Entry["act"]["kind"]>(entries: readonly Entry[], kind: K) =>
  entries.filter((entry) => entry.act.kind === kind) as (Of<K> & { act: Extract<Entry["act"], { kind: K }> })[];

function task(answer: Answer, entries: readonly Entry[]): ShownTask | null {
  const told = answer.dispatch;
  if (!told) return null;
  const last = of(entries, "status").findLast((entry) => entry.act.dispatch_id === told.id);
  const status = last?.act.status ?? told.status;
  const known = of(entries, "notice").some((entry) => entry.act.notice_id === told.redirected?.notice_id);
  return {
    ...told,
    status,
    since: last?.at ?? told.since,
    next: nextOf(status, last ? null : told.next, answer.unit.service),
    waiting: last !== undefined,
    redirected: known ? null : told.redirected,
    ended: !isOpen(status),
  };
}

function messages(answer: Answer, entries: readonly Entry[]): ShownMessage[] {
  const told = answer.messages.map((one) => ({ ...one, key: `m${one.id}`, waiting: false }));
  const own = of(entries, "message").map(({ id, at, act }) => ({
    key: id,
    id: 0,
    at,
    from: "",
    text: act.text,
    mine: true,
    waiting: true,
  }));
  return [...told.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || 0), ...own];
}

function panic(answer: Answer | null, entries: readonly Entry[]): ShownPanic | null {
  const [pressed] = of(entries, "panic");
  if (pressed) return { pressed_at: pressed.at, acknowledged_at: null, waiting: true };
  const told = answer?.panic;
  if (!told) return null;
  return { ...told, pressed_at: (told.anew && told.repeated_at) || told.raised_at, waiting: false };
}

/** Lay what waits over what was told; entries that were refused stand elsewhere and change nothing here. */
export function shown(answer: Answer, all: readonly Entry[]): Shown {
  const entries = all.filter((entry) => !entry.refused);
  const duty = of(entries, "duty").at(-1);
  return {
    duty: duty?.act.duty ?? answer.unit.duty,
    duty_waiting: duty !== undefined,
    task: task(answer, entries),
    messages: messages(answer, entries),
    panic: panic(answer, entries),
  };
}
