/** A search of the audit, page by page; a newer one overtakes an older one that is still under way. */
import { useSignal } from "@preact/signals";
import type { AuditEntry, AuditFilter } from "../../api/access";
import { sentenceOf } from "../dialogs/trial";
import { useHouse } from "../house";

/** Nothing is asked before the first `seek`. */
export function useSearch(first: AuditFilter) {
  const { client } = useHouse();
  const filter = useSignal(first);
  const entries = useSignal<AuditEntry[] | null>(null);
  const next = useSignal<number | null>(null);
  const [busy, wrong, turn] = [useSignal(false), useSignal(""), useSignal(0)];
  async function read(after?: number): Promise<void> {
    turn.value++;
    const own = turn.peek();
    busy.value = true;
    const answer = await client.audit(filter.peek(), after).catch((error: unknown) => sentenceOf(error));
    if (own !== turn.peek()) return;
    busy.value = false;
    wrong.value = typeof answer === "string" ? answer : "";
    if (typeof answer === "string") return;
    entries.value = after === undefined ? answer.entries : [...(entries.peek() ?? []), ...answer.entries];
    next.value = answer.next;
  }
  function seek(asked: AuditFilter = filter.peek()): void {
    filter.value = asked;
    void read();
  }
  const more = () => void read(next.peek() ?? undefined);
  return { filter, entries, next, busy, wrong, seek, more };
}
