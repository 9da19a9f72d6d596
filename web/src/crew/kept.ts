/** What the phone keeps through a reload and a dead battery: unsent acts, unsent fixes, what was shown last. */
import type { Entry, Fix, Numbered } from "./values";

export type NumberedFix = Fix & { n: number; account_id: number };
/** The store; numbers grow, so that what was done first stands first. */
export interface Kept {
  /** Whether it outlives the page. */
  readonly lasting: boolean;
  entries(): Promise<Numbered[]>;
  add(entry: Entry): Promise<Numbered>;
  put(entry: Numbered): Promise<void>;
  remove(n: number): Promise<void>;
  fixes(account_id: number, limit: number): Promise<NumberedFix[]>;
  addFix(fix: Fix, account_id: number): Promise<void>;
  removeFixes(numbers: number[]): Promise<void>;
  countFixes(): Promise<number>;
  get<T>(name: string): Promise<T | undefined>;
  set(name: string, value: unknown): Promise<void>;
}

/** A day at one fix in five seconds; beyond that the oldest go. */
export const MOST_FIXES = 17_280;

const done = <T>(asked: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

async function opened(name: string): Promise<IDBDatabase> {
  const asked = indexedDB.open(name, 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("outbox", { keyPath: "n", autoIncrement: true });
    const fixes = asked.result.createObjectStore("fixes", { keyPath: "n", autoIncrement: true });
    fixes.createIndex("account", "account_id");
    asked.result.createObjectStore("last");
  };
  return done(asked);
}

/** Open the phone's own database; where the browser refuses one, what is kept ends with the page. */
export async function openKept(name = "qyran.crew"): Promise<Kept> {
  try {
    return inDatabase(await opened(name), () => opened(name));
  } catch {
    return inMemory();
  }
}

function inDatabase(first: IDBDatabase, again: () => Promise<IDBDatabase>): Kept {
  let database = first;
  /** Browsers close a database behind a page that slept for long: open it anew. */
  async function begin(store: string, mode: IDBTransactionMode): Promise<IDBTransaction> {
    const how = { durability: "strict" } as const;
    try {
      return database.transaction(store, mode, how);
    } catch {
      database = await again();
      return database.transaction(store, mode, how);
    }
  }
  /** Write, and return when it stands on the disk: only then may the page say that it is kept. */
  async function write<T>(store: string, work: (store: IDBObjectStore) => Promise<T>): Promise<T> {
    const transaction = await begin(store, "readwrite");
    const ended = committed(transaction);
    const [made] = await Promise.all([work(transaction.objectStore(store)), ended]);
    return made;
  }
  async function read<T>(store: string, work: (store: IDBObjectStore) => IDBRequest): Promise<T> {
    const transaction = await begin(store, "readonly");
    return done(work(transaction.objectStore(store)));
  }
  return {
    lasting: true,
    entries: () => read("outbox", (store) => store.getAll()),
    add: (entry) => write("outbox", async (store) => ({ ...entry, n: Number(await done(store.add({ ...entry }))) })),
    put: (entry) => write("outbox", async (store) => void (await done(store.put(entry)))),
    remove: (n) => write("outbox", (store) => done(store.delete(n))),
    fixes: (account_id, limit) => read("fixes", (store) => store.index("account").getAll(account_id, limit)),
    addFix: (fix, account_id) =>
      write("fixes", async (store) => {
        const n = Number(await done(store.add({ ...fix, account_id })));
        if (n > MOST_FIXES) await done(store.delete(IDBKeyRange.upperBound(n - MOST_FIXES)));
      }),
    removeFixes: (numbers) =>
      write("fixes", async (store) => void (await Promise.all(numbers.map((n) => done(store.delete(n)))))),
    countFixes: () => read("fixes", (store) => store.count()),
    get: (key) => read("last", (store) => store.get(key)),
    set: (key, value) => write("last", async (store) => void (await done(store.put(value, key)))),
  };
}

/** The same without a database: a private window, or a test. */
export function inMemory(): Kept {
  const [entries, fixes, last] = [new Map<number, Numbered>(), new Map<number, NumberedFix>(), new Map()];
  let n = 0;
  return {
    lasting: false,
    entries: async () => [...entries.values()],
    add: async (entry) => {
      const numbered = { ...entry, n: ++n };
      entries.set(numbered.n, numbered);
      return numbered;
    },
    put: async (entry) => void entries.set(entry.n, entry),
    remove: async (gone) => void entries.delete(gone),
    fixes: async (account_id, limit) =>
      [...fixes.values()].filter((fix) => fix.account_id === account_id).slice(0, limit),
    addFix: async (fix, account_id) => {
      fixes.set(++n, { ...fix, n, account_id });
      if (fixes.size > MOST_FIXES) fixes.delete(Math.min(...fixes.keys()));
    },
    removeFixes: async (numbers) => {
      for (const one of numbers) fixes.delete(one);
    },
    countFixes: async () => fixes.size,
    get: async (key) => last.get(key),
    set: async (key, value) => void last.set(key, value),
  };
}
