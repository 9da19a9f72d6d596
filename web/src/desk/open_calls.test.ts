import { expect, test } from "vitest";
import type { Call, CallPage } from "../api/calls";
import { readOpenCalls } from "./open_calls";

/** A server with calls 1 to `n`, the oldest of which ring; it answers two at most, as the real one answers 500. */
function server(n: number, ringing: number) {
  const asked: string[] = [];
  const all = Array.from({ length: n }, (_, i) => ({ id: i + 1 }) as Call);
  async function calls(state: string, limit = 100, after?: number): Promise<CallPage> {
    asked.push(state);
    const these = state === "waiting" ? all.slice(0, ringing) : [...all].reverse();
    const from = after === undefined ? 0 : these.findIndex((call) => call.id === after) + 1;
    const page = these.slice(from, from + Math.min(limit, 2));
    const next = page.length === Math.min(limit, 2) ? (page.at(-1)?.id ?? null) : null;
    return { calls: page, next, total: these.length };
  }
  return { calls, asked };
}

test("whoever rings longest is on the desk however many newer calls nobody decided", async () => {
  const { calls, total } = await readOpenCalls(server(9, 3), 4);
  expect(calls.map((call) => call.id).sort()).toEqual([1, 2, 3, 6, 7, 8, 9]);
  expect(total).toBe(9);
});

test("where all are on the desk nobody is asked twice for those that wait", async () => {
  const few = server(3, 3);
  expect((await readOpenCalls(few, 100)).total).toBe(3);
  expect(few.asked).toEqual(["open", "open"]);
});
