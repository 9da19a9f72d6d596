/** Dates, spans and distances as people read them. Times are shown in UTC+5, the one zone of the country since 2024-03. */
import { say } from "./words";

const ZONE_S = 5 * 3600;
const two = (n: number) => String(n).padStart(2, "0");
const local = (at: string | number) => new Date(new Date(at).getTime() + ZONE_S * 1000);

/** The time of day, `14:05`, or with seconds `14:05:09`. */
export function clock(at: string | number, seconds = false): string {
  const time = local(at);
  if (Number.isNaN(time.getTime())) return "—";
  const minutes = `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}`;
  return seconds ? `${minutes}:${two(time.getUTCSeconds())}` : minutes;
}

/** The date in words, `21 November 2026`. */
export function date(at: string | number): string {
  const time = local(at);
  if (Number.isNaN(time.getTime())) return "—";
  const month = say("months").split(",")[time.getUTCMonth()] ?? "";
  return say("date", { day: time.getUTCDate(), month, year: time.getUTCFullYear() });
}

/** The time of day today, the date as well on any other day. */
export function moment(at: string | number, now_ms: number): string {
  return date(at) === date(now_ms) ? clock(at) : `${date(at)}, ${clock(at)}`;
}

/** A number with the decimal mark of the language. */
export function decimal(value: number, digits = 1): string {
  return value.toFixed(digits).replace(".", say("decimal"));
}

/** A number as the language groups and marks it, with so many places behind the mark at most. */
export function number(value: number, digits = 0): string {
  const told = value.toLocaleString("en", { maximumFractionDigits: digits }); // of Kazakh not every browser knows
  return told.replace(/[,.]/g, (mark) => say(mark === "," ? "grouping" : "decimal"));
}

/** Ground in hectares, small ones more finely. */
export function hectares(m2: number): string {
  return number(m2 / 10_000, m2 < 1e5 ? 2 : 0);
}

/** A span in its largest unit: `40 s`, `3 min`, `5 h`, `12 d`. */
export function span(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return say("span.s", { n: s });
  if (s < 3600) return say("span.min", { n: Math.floor(s / 60) });
  if (s < 86400) return say("span.h", { n: Math.floor(s / 3600) });
  return say("span.d", { n: Math.floor(s / 86400) });
}

/** How long ago: `3 min ago`, `now` under three seconds. */
export function ago(seconds: number): string {
  return seconds < 3 ? say("now") : say("ago", { age: span(seconds) });
}

/** A running clock, `1:05` or `1:02:05`. */
export function stopwatch(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  const [h, m] = [Math.floor(s / 3600), Math.floor((s % 3600) / 60)];
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

/** A distance: whole tens of metres under a kilometre, then kilometres. */
export function distance(metres: number): string {
  if (metres < 1000) return say("distance.m", { n: metres < 100 ? Math.round(metres) : Math.round(metres / 10) * 10 });
  return say("distance.km", { n: decimal(metres / 1000) });
}
