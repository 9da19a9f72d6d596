/** The list, page by page: a newer question overtakes an older one that is still under way. */
import { signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { HotlistEntry } from "../../../api/hotlist";
import { sentenceOf } from "../../dialogs/trial";
import { useHouse } from "../../house";

type Page = { entries: HotlistEntry[]; next: number | null };

/** Build it on what asks for a page of the plates that are sought. */
export function createEntries(ask: (sought: string, after?: number) => Promise<Page>) {
  const entries = signal<readonly HotlistEntry[] | null>(null);
  const next = signal<number | null>(null);
  const wrong = signal("");
  const busy = signal(false);
  let [turn, sought] = [0, ""];

  async function read(after?: number): Promise<void> {
    const own = ++turn;
    busy.value = true;
    try {
      const page = await ask(sought, after);
      if (own !== turn) return;
      entries.value = after === undefined ? page.entries : [...(entries.peek() ?? []), ...page.entries];
      next.value = page.next;
      wrong.value = "";
    } catch (error) {
      if (own === turn) wrong.value = sentenceOf(error);
    } finally {
      if (own === turn) busy.value = false;
    }
  }
  const seek = (text: string) => {
    sought = text;
    return read();
  };
  return { entries, next, wrong, busy, seek, again: () => read(), more: () => void read(next.peek() ?? undefined) };
}

/** The list for one text that is sought. */
export function useEntries(sought: string) {
  const { client } = useHouse();
  const list = useMemo(() => createEntries(client.hotlist), [client]);
  useEffect(() => void list.seek(sought), [list, sought]);
  return list;
}
