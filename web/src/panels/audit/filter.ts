/** What the audit is searched by, and the span of time in words; pure. */
import type { AuditFilter } from "../../api/access";

export const SPANS = ["1h", "24h", "7d", "30d", "all", "own"] as const;
export type Span = (typeof SPANS)[number];
const HOURS: Partial<Record<Span, number>> = { "1h": 1, "24h": 24, "7d": 168, "30d": 720 };
const HOUR_MS = 3_600_000;

/** What was typed into the form. */
export type Sought = {
  span: Span;
  from: string;
  to: string;
  who: string;
  operation: string;
  object: string;
  outcome: string;
};

/** A day and time as it is typed, in UTC+5, the one zone of the country since 2024-03. */
export function instant(typed: string): string | undefined {
  const at = new Date(`${typed}+05:00`);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** `incidents 12` is a layer and an object of it, `incidents` a layer alone. */
function objectOf(typed: string): Pick<AuditFilter, "layer" | "object_id"> {
  const [layer, id] = typed.trim().split(/[\s#№]+/);
  return { ...(layer && { layer }), ...(id && /^\d+$/.test(id) && { object_id: id }) };
}

/** When a span begins that ends now; nothing of one that has no beginning. */
export function spanOf(span: Span, now_ms: number): string | undefined {
  const hours = HOURS[span];
  return hours === undefined ? undefined : new Date(now_ms - hours * HOUR_MS).toISOString();
}

/** The question to the server. */
export function filterOf(sought: Sought, now_ms: number): AuditFilter {
  const times =
    sought.span === "own"
      ? { from: instant(sought.from), to: instant(sought.to) }
      : { from: spanOf(sought.span, now_ms) };
  const asked = { ...times, ...objectOf(sought.object), ...pick(sought, ["who", "operation", "outcome"]) };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value)) as AuditFilter;
}

function pick(sought: Sought, names: readonly ("who" | "operation" | "outcome")[]): AuditFilter {
  return Object.fromEntries(names.map((name) => [name, sought[name].trim()]));
}
