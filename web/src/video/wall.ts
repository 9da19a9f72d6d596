/** Which cameras hang on the wall and how: kept on this machine for each account. */
import { computed, signal } from "@preact/signals";

export const LAYOUTS = [1, 4, 9, 16] as const;
export type Layout = (typeof LAYOUTS)[number];
export type Hung = { layout: Layout; ids: readonly number[] };
export type Wall = ReturnType<typeof createWall>;
type Store = Pick<Storage, "getItem" | "setItem">;

const EMPTY: Hung = { layout: 4, ids: [] };

/** Read what was kept; anything else is an empty wall. */
export function readHung(kept: string | null): Hung {
  try {
    const { layout, ids } = JSON.parse(kept ?? "") as Partial<Hung>;
    const known = LAYOUTS.find((one) => one === layout);
    if (!known || !Array.isArray(ids)) return EMPTY;
    return { layout: known, ids: ids.filter(Number.isSafeInteger).slice(0, LAYOUTS[3]) };
  } catch {
    return EMPTY;
  }
}

/** Hang a camera up or take it down; a wall whose tiles are all taken grows, as far as it can. */
export function turned(hung: Hung, id: number): Hung {
  const { layout, ids } = hung;
  if (ids.includes(id)) return { layout, ids: ids.filter((one) => one !== id) };
  const room = LAYOUTS.find((one) => one >= Math.max(layout, ids.length + 1));
  return room ? { layout: room, ids: [...ids, id] } : hung;
}

/** Build it; `account` says whose wall it is. */
export function createWall(account: () => number | null, store: Store | undefined = globalThis.localStorage) {
  const changed = signal(0);
  const key = () => `qyran.wall.${account() ?? 0}`;
  const hung = computed<Hung>(() => {
    void changed.value;
    return readHung(store?.getItem(key()) ?? null);
  });
  function keep(next: Hung): void {
    store?.setItem(key(), JSON.stringify(next));
    changed.value++;
  }
  return {
    hung,
    /** Hang a camera up or take it down; false where no tile is left. */
    turn(id: number): boolean {
      const next = turned(hung.peek(), id);
      if (next === hung.peek()) return false;
      keep(next);
      return true;
    },
    /** Choose how many tiles there are; those beyond stay hidden. */
    lay(layout: Layout): void {
      keep({ ...hung.peek(), layout });
    },
  };
}
