import { expect, test, vi } from "vitest";
import type { HotlistEntry } from "../../../api/hotlist";
import { createEntries } from "./entries";
import { textOf } from "./table";

const page = (ids: number[], next: number | null) => ({ entries: ids.map((id) => ({ id }) as HotlistEntry), next });
const ids = (list: ReturnType<typeof createEntries>) => list.entries.value?.map((entry) => entry.id);

test("what does not stand on the first page is there to be asked for", async () => {
  const ask = vi.fn(async (_: string, after?: number) => (after === undefined ? page([9, 8], 8) : page([7], null)));
  const list = createEntries(ask);
  await list.seek("A");
  expect([ids(list), list.next.value]).toEqual([[9, 8], 8]);
  list.more();
  await vi.waitFor(() => expect(ids(list)).toEqual([9, 8, 7]));
  expect([ask.mock.calls[1], list.next.value]).toEqual([["A", 8], null]);
  await list.again();
  expect(ids(list)).toEqual([9, 8]);
});

test("a late page of what was sought before is thrown away", async () => {
  const answers: ((told: ReturnType<typeof page>) => void)[] = [];
  const list = createEntries(() => new Promise((told) => void answers.push(told)));
  const [first, second] = [list.seek("A"), list.seek("B")];
  answers[1]?.(page([2], null));
  await second;
  answers[0]?.(page([1], 1));
  await first;
  expect([ids(list), list.next.value, list.busy.value]).toEqual([[2], null, false]);
});

test("a table is read as it was written: UTF-8, or the letters of Windows that Excel saves", () => {
  const words = "ст. 212 УПК; Қасымов";
  expect(textOf(new TextEncoder().encode(`\ufeff${words}`))).toBe(words);
  const saved = new Uint8Array([0xf1, 0xf2, 0x2e, 0x20, 0x32, 0x31, 0x32]); // "ст. 212" in Windows-1251
  expect(textOf(saved)).toBe("ст. 212");
});
