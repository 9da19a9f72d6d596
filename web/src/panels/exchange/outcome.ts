/** What an EIDO (NENA-STA-021.1a) holds beyond what an incident is opened with: it is kept, and stands on no card; pure. */

export type LeftOut = { part: string; count: number };

/** The parts an incident is opened with: the first place, the caller's number, the lines that were written. */
const TAKEN = new Set(["incidentComponent", "callComponent", "callbackComponent", "personComponent", "notesComponent"]);
const ONE = "locationComponent"; // the incident has one place

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

/** The parts that stay in the document, by how many there are; `notes` of its lines were too many. */
export function leftOut(document: Record<string, unknown>, notes: number): LeftOut[] {
  const parts = Object.entries(document).filter(([name]) => name.endsWith("Component"));
  const counted = parts.map(([part, value]) => {
    const count = listOf(value).length;
    if (part === "notesComponent") return { part, count: notes };
    if (part === ONE) return { part, count: count - 1 };
    return { part, count: TAKEN.has(part) ? 0 : count };
  });
  const ended = listOf(
    (document.incidentComponent as { dispositionComponent?: unknown } | undefined)?.dispositionComponent,
  );
  return [...counted, { part: "dispositionComponent", count: ended.length }].filter(({ count }) => count > 0);
}

/** The sender's own word for the category; null where it says none. */
export function codeOf(document: Record<string, unknown>): string | null {
  const one = document.incidentComponent as { incidentTypeInternalCode?: unknown } | undefined;
  return typeof one?.incidentTypeInternalCode === "string" ? one.incidentTypeInternalCode : null;
}

/** What a file holds, or null where it is no JSON object. */
export function readDocument(text: string): Record<string, unknown> | null {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === "object" && read !== null && !Array.isArray(read) ? (read as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
