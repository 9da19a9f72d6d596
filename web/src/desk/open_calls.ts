/** The calls on the desk: every one that waits, and of the other open ones as many as are wanted. */
import type { Call, CallPage } from "../api/calls";
import type { Client } from "../api/client";

export const A_PAGE = 100;
const MOST = 500; // of one answer

type Asks = Pick<Client, "calls">;

/** Read the open calls, newest first up to `wanted`, and beside them all that wait; `total` counts what is open. */
export async function readOpenCalls(client: Asks, wanted: number): Promise<{ calls: Call[]; total: number }> {
  const open = await pages(client, "open", wanted);
  const waiting = open.whole ? [] : (await pages(client, "waiting", Number.POSITIVE_INFINITY)).calls;
  const calls = [...new Map([...open.calls, ...waiting].map((call) => [call.id, call])).values()];
  return { calls, total: Math.max(open.total, calls.length) };
}

async function pages(client: Asks, state: string, wanted: number) {
  const calls: Call[] = [];
  let page: CallPage;
  do {
    page = await client.calls(state, Math.min(wanted - calls.length, MOST), calls.at(-1)?.id);
    calls.push(...page.calls);
  } while (page.next !== null && calls.length < wanted);
  return { calls, whole: page.next === null, total: page.total ?? calls.length };
}
