/** What a line of a call's log tells beyond its kind; pure but for the language of the window. */
import type { CallEntry } from "../../api/calls";
import type { Title } from "../../api/types";
import { distance } from "../../words/formats";
import { say, sayOf, titleOf } from "../../words/words";

type Told = Record<string, unknown>;
const TEXTS = ["line", "phone", "caller_name", "said", "address", "common_name"];

/** Where it was told to be, by what and how surely, and why it is not gone by. */
function located({ by, lon, lat, radius_m, abroad, taken }: Told): string[] {
  const place = typeof lon === "number" && typeof lat === "number" ? `${lat.toFixed(5)}, ${lon.toFixed(5)}` : "";
  const parts = [sayOf("intake.placed_by", String(by)), place];
  if (typeof radius_m === "number") parts.push(`± ${distance(radius_m)}`);
  if (abroad) parts.push(say("call.left_out.beyond_country"));
  else if (taken === false) parts.push(say("call.told.not_taken"));
  return parts;
}

const leftOut = ({ field, code }: Told): string[] => [
  field ? `${sayOf("call.field", String(field))}: ${sayOf("call.left_out", String(code))}` : "",
];

const texts = (told: Told): string[] =>
  TEXTS.filter((name) => typeof told[name] === "string").map((name) => `${sayOf("call.field", name)}: ${told[name]}`);

function noted({ changed, was, ...told }: Told): string[] {
  const whole = texts(told);
  const named = Array.isArray(changed) ? changed.filter((name) => !(name in told) && TEXTS.includes(name)) : [];
  const before = texts((was as Told | undefined) ?? {}).map((text) => `${say("call.told.was")}: ${text}`);
  return [...named.map((name) => sayOf("call.field", name)), ...whole, ...before];
}

const handed = ({ to, reason }: Told): string[] => [titleOf(to as Title | undefined), String(reason ?? "")];
const ended = ({ outcome, reason }: Told): string[] => [
  outcome ? sayOf("call.outcome", String(outcome)) : "",
  String(reason ?? ""),
];

const TELL: Record<string, (told: Told) => string[]> = {
  located,
  left_out: leftOut,
  told_later: texts,
  noted,
  handed,
  ended,
};

/** The line. */
export const entryTold = (entry: CallEntry): string =>
  (TELL[entry.kind]?.(entry.details) ?? []).filter((part) => part !== "").join(" · ");
