/** How the register's words and values are said (pure). */
import type { Entry, RegisterField } from "../../api/register";
import { say, sayOf, titleOf } from "../../words/words";

/** The title of a column of the register, as its fields name it. */
export function titleIn(fields: readonly RegisterField[], name: string): string {
  const found = fields.find((one) => one.name === name);
  if (found)
    return found.unit ? `${titleOf(found.title)}, ${say(`register.unit.${found.unit}`)}` : titleOf(found.title);
  return sayOf("register.column", name);
}

/** A value of the history or of an entry, as people read it. */
export function spoken(value: unknown): string {
  if (value === null || value === undefined || value === "") return "—";
  if (Array.isArray(value)) return value.length === 0 ? "—" : value.map(spoken).join(", ");
  if (typeof value === "boolean") return say(value ? "register.yes" : "register.no");
  if (typeof value === "object") {
    const told = Object.entries(value).map(([name, one]) => `${name.replaceAll("_", " ")}: ${spoken(one)}`);
    return told.join("; ") || "—";
  }
  return typeof value === "string" ? sayOf("register.value", value) : String(value);
}

/** Which columns of a form differ from the entry; what is emptied is null. */
export function changesOf(entry: Entry, told: Record<string, unknown>): Record<string, unknown> {
  const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
  return Object.fromEntries(
    Object.entries(told).filter(([name, value]) => !same(value, (entry as Record<string, unknown>)[name])),
  );
}

/** What of a form is text, a number, or a list, as the server takes it. */
export function takenOf(kind: RegisterField["kind"], text: string): unknown {
  const plain = text.trim();
  if (kind === "choices") return plain ? plain.split(",") : [];
  if (plain === "") return null;
  return kind === "number" ? Number(plain.replace(",", ".")) : plain;
}

/** How far something is, 0 to 100; null where nobody knows yet. */
export function percentOf(done: number, total: number | null): number | null {
  return total ? Math.min(100, Math.floor((100 * done) / total)) : null;
}
