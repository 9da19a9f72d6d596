/** The order of the calls and what an intake form shows of one; pure. */
import type { Call, CallChange, Opening } from "../api/calls";
import type { FoundPlace } from "../api/geocode";
import type { Language } from "../api/types";
import { metresBetween } from "../map/ground";

/** Whose phone and whose name: masked in every call, and known whole to who was shown them or wrote them. */
export type OfCaller = "phone" | "caller_name";
export type Known = Partial<Record<OfCaller, string | null>>;

const MOST_RADIUS_M = 1_000_000; // as the server takes it
const MOST_LETTERS = 200; // of an address or a common name, as the server takes them

const RANK = { ringing: 0, answered: 1, ended: 2 } as const;

/** Whether it waits for somebody here to take it: it rings, or was handed here and nobody has it yet. */
export const waits = (call: Call): boolean =>
  call.ours && (call.state === "ringing" || (call.state === "answered" && call.answered_by === null));

/** How many wait, by how they came: those that ring, those an exchange took, and those another area handed here. */
export function waitingBy(calls: readonly Call[]): { ringing: number; taken: number; handed: number } {
  const ringing = calls.filter((call) => call.state === "ringing").length;
  const handed = calls.filter((call) => call.state !== "ringing" && call.handed !== null).length;
  return { ringing, taken: calls.length - ringing - handed, handed };
}

const rank = (call: Call): number => (waits(call) ? RANK.ringing : Math.max(RANK[call.state], RANK.answered));

/** Those that wait first, whoever waits longest on top; then those that are spoken with; then those that ended, newest first. */
export function callsInOrder(calls: Iterable<Call>): Call[] {
  return [...calls].sort((a, b) => {
    const by_state = rank(a) - rank(b);
    const by_time = a.rang_at.localeCompare(b.rang_at) || a.id - b.id;
    return by_state || (a.state === "ended" ? -by_time : by_time);
  });
}

/** What a field of the caller holds, never the mask: that is its hint while nobody knows more. */
export function callerField(call: Call, draft: CallChange, known: Known, part: OfCaller) {
  const whole = draft[part] !== undefined ? draft[part] : known[part];
  return { value: whole ?? "", hint: whole === undefined ? call[part] : null };
}

/** The draft after typing into a field of the caller; emptied over what nobody knows whole, it stays as it is kept. */
export function withCaller(call: Call, draft: CallChange, known: Known, part: OfCaller, text: string): CallChange {
  const { [part]: _, ...rest } = draft;
  const unseen = call[part] !== null && known[part] === undefined;
  return text.trim() === "" && unseen ? rest : { ...rest, [part]: text };
}

/** What is still known whole once a call was read again: what another wrote over is not. */
export function stillKnown(known: Known, before: Call | null, now: Call): Known {
  const same = Object.entries(known).filter(([part]) => before?.[part as OfCaller] === now[part as OfCaller]);
  return Object.fromEntries(same) as Known;
}

/** What is known whole once a change was kept. */
export function knownBy(sent: CallChange): Known {
  const parts = (["phone", "caller_name"] as const).filter((part) => sent[part] !== undefined);
  return Object.fromEntries(parts.map((part) => [part, sent[part] ?? null])) as Known;
}

/** A text as an address takes it: cut by whole letters where it is longer. */
export const asAddress = (text: string): string => [...text].slice(0, MOST_LETTERS).join("").trim();

/** What the form shows: the call with what was typed and is not yet kept. */
export function withDraft<T extends Call>(call: T, draft: CallChange): T {
  const answers = draft.answers ? { ...call.answers, ...draft.answers } : call.answers;
  return { ...call, ...draft, answers };
}

/** What was emptied is taken away: nothing is kept as an empty text, but for what was said. */
export function tidy(change: CallChange): CallChange {
  const tidied = Object.entries(change).map(([name, value]) => {
    const empty = typeof value === "string" && value.trim() === "" && name !== "said";
    return [name, empty ? null : value];
  });
  return Object.fromEntries(tidied) as CallChange;
}

/** How far from its place somebody may be who is somewhere in a street or an area, metres; null at a point. */
function radiusOf({ extent }: FoundPlace): number | null {
  if (!extent) return null;
  const [from, to] = [
    { lon: extent.west, lat: extent.south },
    { lon: extent.east, lat: extent.north },
  ];
  return Math.min(Math.round(metresBetween(from, to) / 2), MOST_RADIUS_M);
}

/** What choosing a place changes: a common name is kept beside the address, and forgotten with another address. */
export function chosenPlace(found: FoundPlace, language: Language): CallChange {
  const { place, kind } = found;
  const [title, detail] = [found.title[language], found.detail[language]];
  const common = kind === "common_name" || kind === "place";
  return {
    place,
    placed_by: common ? "common_name" : "address",
    radius_m: radiusOf(found),
    address: asAddress(common ? [detail, title].filter(Boolean).join(", ") : title),
    common_name: common ? asAddress(title) : null,
  };
}

/** What of a call may be written: all while nothing was opened from it; then by who speaks with the caller yet. */
export type Writable = { said: boolean; where: boolean };
export function writable(call: Call, who: string | undefined): Writable {
  const where = call.ours && call.state !== "ringing" && call.incident_id === null;
  const speaks = call.ours && call.state === "answered" && call.answered_by === who;
  return { said: where || speaks, where };
}

/** What opens an incident from a call; null while its place or its category is not known. */
export function openingOf(call: Call): Opening | null {
  if (!call.category || !call.place) return null;
  return {
    category: call.category,
    place: call.place,
    ...(call.said.trim() && { description: call.said.trim() }),
    ...(call.address && { address: call.address }),
  };
}
