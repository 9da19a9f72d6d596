import { beforeEach, expect, test, vi } from "vitest";
import { createLive } from "./socket";

/** A socket in hand: the test says what the server says. */
class Wire {
  readyState = 1;
  binaryType = "";
  sent: object[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  send(text: string): void {
    this.sent.push(JSON.parse(text) as object);
  }
  close(): void {
    this.onclose?.();
  }
  says(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", globalThis);
});

async function build() {
  const wires: Wire[] = [];
  const tickets = { refused: false };
  const listener = { change: vi.fn(), positions: vi.fn(), resync: vi.fn() };
  const live = createLive(async () => {
    if (tickets.refused) throw new Error("no ticket");
    const wire = new Wire();
    wires.push(wire);
    return wire as unknown as WebSocket;
  }, listener);
  live.start();
  await vi.advanceTimersByTimeAsync(0);
  wires[0]?.onopen?.();
  const first = wires[0];
  if (!first) throw new Error("start opens no socket");
  return { wires, tickets, listener, live, first };
}
const hello = (seq: number) => ({ type: "hello", seq, at: "2026-11-21T22:00:00Z" });

test("the first hello reads nothing again; the view is told", async () => {
  const { first, live, listener } = await build();
  live.look([76, 43, 77, 44]);
  first.says(hello(5));
  expect(listener.resync).not.toHaveBeenCalled();
  expect(first.sent.at(-1)).toEqual({ type: "view", bbox: [76, 43, 77, 44] });
});

test("after a break it opens again, resumes after the last change and reads the lists again", async () => {
  const { wires, first, live, listener } = await build();
  first.says(hello(5));
  first.says({
    type: "changes",
    changes: [
      { layer: "events", id: 4, seq: 8, feature: null },
      { layer: "events", id: 3, seq: 9, feature: null },
    ],
  });
  expect(listener.change.mock.calls.map(([told]) => (told as { id: number }).id)).toEqual([4, 3]);
  first.onclose?.();
  expect(live.connected.value).toBe(false);
  await vi.advanceTimersByTimeAsync(600);
  expect(wires).toHaveLength(2);
  wires[1]?.onopen?.();
  wires[1]?.says(hello(12));
  expect(wires[1]?.sent[0]).toEqual({ type: "resume", seq: 9 });
  expect(listener.resync).toHaveBeenCalledOnce();
  expect(live.connected.value).toBe(true);
});

test("when too much was missed everything is read again", async () => {
  const { first, listener } = await build();
  first.says(hello(5));
  first.says({ type: "missed", seq: 900, at: "2026-11-21T22:00:00Z" });
  expect(listener.resync).toHaveBeenCalledOnce();
});

test("once stopped it stays closed", async () => {
  const { wires, live } = await build();
  live.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(wires).toHaveLength(1);
});

test("without a ticket it asks again, and opens once it has one", async () => {
  const { wires, tickets, first, live } = await build();
  tickets.refused = true;
  first.onclose?.();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(wires).toHaveLength(1);
  tickets.refused = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(wires).toHaveLength(2);
  live.stop();
});

test("a socket that comes after the stop is closed at once", async () => {
  const { wires, live } = await build();
  live.stop();
  live.start();
  live.stop();
  await vi.advanceTimersByTimeAsync(0);
  const late = wires[1];
  expect(late?.onmessage).toBeNull();
  expect(live.connected.value).toBe(false);
});

test("the server's clock is kept beside this machine's", async () => {
  vi.setSystemTime(new Date("2026-11-21T21:59:50Z"));
  const { first, live } = await build();
  first.says({ type: "tick", seq: 1, at: "2026-11-21T22:00:00Z", positions_at: null });
  expect(live.clock_offset_ms.value).toBe(10_000);
});
