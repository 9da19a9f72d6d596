import { expect, test, vi } from "vitest";
import { Refused } from "../../api/ask";
import type { Recordings } from "../../api/recordings";
import { createSearch } from "./search";

const SPAN = { from_ms: Date.parse("2026-11-23T10:00:00Z"), to_ms: Date.parse("2026-11-23T11:00:00Z") };
const of = (...ids: number[]) =>
  ({
    begins_at: "2026-11-23T10:00:00Z",
    ends_at: "2026-11-23T11:00:00Z",
    cameras: ids.map((id) => ({ id })),
  }) as unknown as Recordings;

function waiting() {
  const answers: ((told: Recordings) => void)[] = [];
  const recordings = vi.fn(() => new Promise<Recordings>((resolve) => void answers.push(resolve)));
  return { recordings, answers };
}

test("an answer to an older search is thrown away, however late it comes", async () => {
  const { recordings, answers } = waiting();
  const search = createSearch({ recordings, purpose: async () => "why" }, { open: () => undefined });
  const first = search.show([1], SPAN);
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  const second = search.show([2], SPAN);
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.(of(2));
  await second;
  answers[0]?.(of(1));
  await first;
  expect(search.found.value?.cameras.map((one) => one.id)).toEqual([2]);
});

test("a look at new holds asks for what is shown, and plays on where it is", async () => {
  const recordings = vi.fn(async (ids: readonly number[]) => of(...ids));
  const open = vi.fn();
  const search = createSearch({ recordings, purpose: async () => "why" }, { open });
  await search.refresh();
  expect(recordings).not.toHaveBeenCalled();
  await search.show([1, 2], SPAN);
  await search.refresh();
  expect(recordings.mock.calls.map(([ids]) => ids)).toEqual([
    [1, 2],
    [1, 2],
  ]);
  expect([open.mock.calls.length, search.turns.value]).toEqual([1, 1]);
});

test("who gives no purpose is asked nothing more and told nothing wrong; a refusal leaves what is shown", async () => {
  const asked = vi.fn(async () => of(1));
  const search = createSearch({ recordings: asked, purpose: async () => null }, { open: () => undefined });
  await search.show([1], SPAN);
  expect([asked.mock.calls.length, search.found.value, search.wrong.value]).toEqual([0, null, ""]);
  const refused = new Refused(409, "no", { kk: "жоқ", ru: "нет", en: "no" });
  const recordings = vi.fn().mockResolvedValueOnce(of(1)).mockRejectedValueOnce(refused);
  const other = createSearch({ recordings, purpose: async () => "why" }, { open: () => undefined });
  await other.show([1], SPAN);
  await other.refresh();
  expect([other.found.value?.cameras.length, other.wrong.value]).toEqual([1, "жоқ"]);
});
