/** Times as a field of the browser takes them, in UTC+5 as all windows tell them; pure. */
const ZONE_MS = 5 * 3600 * 1000;

/** A time as `datetime-local` wants it, to the minute; `instant` of the audit's filter reads it back. */
export function toLocal(at: string | number): string {
  return new Date(new Date(at).getTime() + ZONE_MS).toISOString().slice(0, 16);
}
