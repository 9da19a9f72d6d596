/** What a line of the timeline tells beyond its kind; pure but for the language of the window. */
import type { TimelineEntry, Title } from "../api/types";
import { stopwatch } from "../words/formats";
import { say, sayOf, titleOf } from "../words/words";

export type Titles = Record<"status" | "category" | "service", (name: string) => string>;

/** An area by its name, an incident by its number. */
function named(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return null;
  const { number, kk } = value as { number?: string; kk?: string };
  return number ?? (kk === undefined ? null : titleOf(value as Title));
}

/** What changed from one to the other, as the kind of the entry says it. */
function change(entry: TimelineEntry, titles: Titles): string | null {
  const { from, to } = entry.details;
  const say = {
    category: (name: unknown) => titles.category(String(name)),
    alarm: (level: unknown) => String(level),
    priority: (level: unknown) => `P${level}`,
    state: (name: unknown) => sayOf("incident.state", String(name)),
  }[entry.kind];
  return say && from !== undefined && to !== undefined ? `${say(from)} → ${say(to)}` : null;
}

/** The checklist's line by its last name, ticked or not. */
function ticked({ item, done }: Record<string, unknown>): string | null {
  if (typeof item !== "string") return null;
  return `${done ? "✓" : "✗"} ${item.replace(/^.*\./, "").replaceAll("_", " ")}`;
}

/** Which clock ran out, of which service, and what its target was. */
function clockOf({ clock, service, target_s }: Record<string, unknown>, titles: Titles): string | null {
  if (typeof clock !== "string") return null;
  const whose = typeof service === "string" ? `${titles.service(service)} · ` : "";
  const target = typeof target_s === "number" ? ` · ${say("clock.target", { time: stopwatch(target_s) })}` : "";
  return `${whose}${sayOf("clock.name", clock)}${target}`;
}

/** The line. */
export function tellOf(entry: TimelineEntry, titles: Titles): string {
  const { text, note, call_sign, unit, units, status, reason, to, into, of, other, from, regime, because, left_out } =
    entry.details;
  const parts = [
    change(entry, titles),
    ...[of, to, into, other, from].map(named),
    ...(Array.isArray(because) ? because.map(named) : []),
    regime && sayOf("regime", String(regime)),
    ticked(entry.details),
    clockOf(entry.details, titles),
    call_sign ?? unit,
    units,
    status && titles.status(String(status)),
    typeof left_out === "number" && `${sayOf("exchange.part", "notesComponent")}: ${left_out}`,
    text ?? note,
    reason,
  ];
  return parts
    .filter((part) => (typeof part === "string" && part !== "") || Array.isArray(part))
    .map((part) => (Array.isArray(part) ? part.join(", ") : part))
    .join(" · ");
}
