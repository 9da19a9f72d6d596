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

function build() {
  const wires: Wire[] = [];
  const listener = { change: vi.fn(), positions: vi.fn(), resync: vi.fn() };
  const live = createLive(() => {
    const wire = new Wire();
    wires.push(wire);
    return wire as unknown as WebSocket;
  }, listener);
  live.start();
  wires[0]?.onopen?.();
  const first = wires[0];
  if (!first) throw new Error("start opens no socket");
  return { wires, listener, live, first };
}
const hello = (seq: number) => ({ type: "hello", seq, at: "2026-11-21T22:00:00Z" });

test("the first hello reads nothing again; the view is told", () => {
  const { first, live, listener } = build();
  live.look([76, 43, 77, 44]);
  first.says(hello(5));
  expect(listener.resync).not.toHaveBeenCalled();
  expect(first.sent.at(-1)).toEqual({ type: "view", bbox: [76, 43, 77, 44] });
});

test("after a break it opens again, resumes after the last change and reads the lists again", () => {
  const { wires, first, live, listener } = build();
  first.says(hello(5));
  first.says({ type: "change", layer: "events", id: 3, seq: 9, feature: null });
  first.onclose?.();
  expect(live.connected.value).toBe(false);
  vi.advanceTimersByTime(600);
  expect(wires).toHaveLength(2);
  wires[1]?.onopen?.();
  wires[1]?.says(hello(12));
  expect(wires[1]?.sent[0]).toEqual({ type: "resume", seq: 9 });
  expect(listener.resync).toHaveBeenCalledOnce();
  expect(live.connected.value).toBe(true);
});

test("when too much was missed everything is read again", () => {
  const { first, listener } = build();
  first.says(hello(5));
  first.says({ type: "missed", seq: 900, at: "2026-11-21T22:00:00Z" });
  expect(listener.resync).toHaveBeenCalledOnce();
});

test("once stopped it stays closed", () => {
  const { wires, live } = build();
  live.stop();
  vi.advanceTimersByTime(60_000);
  expect(wires).toHaveLength(1);
});

test("the server's clock is kept beside this machine's", () => {
  vi.setSystemTime(new Date("2026-11-21T21:59:50Z"));
  const { first, live } = build();
  first.says({ type: "tick", seq: 1, at: "2026-11-21T22:00:00Z", positions_at: null });
  expect(live.clock_offset_ms.value).toBe(10_000);
});
