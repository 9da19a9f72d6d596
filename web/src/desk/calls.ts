/** The order of the calls and what an intake form shows of one; pure. */
import type { Call, CallChange, Opening } from "../api/calls";
import type { FoundPlace } from "../api/geocode";
import type { Language } from "../api/types";

const RANK = { ringing: 0, answered: 1, ended: 2 } as const;

/** Whether it waits for somebody here to take it: it rings, or was handed here and nobody has it yet. */
export const waits = (call: Call): boolean =>
  call.ours && (call.state === "ringing" || (call.state === "answered" && call.answered_by === null));

const rank = (call: Call): number => (waits(call) ? RANK.ringing : Math.max(RANK[call.state], RANK.answered));

/** Those that wait first, whoever waits longest on top; then those that are spoken with; then those that ended, newest first. */
export function callsInOrder(calls: Iterable<Call>): Call[] {
  return [...calls].sort((a, b) => {
    const by_state = rank(a) - rank(b);
    const by_time = a.rang_at.localeCompare(b.rang_at) || a.id - b.id;
    return by_state || (a.state === "ended" ? -by_time : by_time);
  });
}

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

/** What choosing a place changes: a common name is kept beside the address, and a point taken over has no radius. */
export function chosenPlace(found: FoundPlace, language: Language): CallChange {
  const { place, kind } = found;
  const [title, detail] = [found.title[language], found.detail[language]];
  const common = kind === "common_name" || kind === "place";
  return {
    place,
    placed_by: common ? "common_name" : "address",
    radius_m: null,
    address: common ? [detail, title].filter(Boolean).join(", ") : title,
    ...(common && { common_name: title }),
  };
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
