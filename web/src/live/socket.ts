/** The live connection: opens, listens, and opens again from where it stood. */
import { batch, signal } from "@preact/signals";
import type { Feature } from "../api/types";
import { decode, type PositionFrame } from "./frames";
import { backoff_ms } from "./freshness";

export type Change = { layer: string; id: number; seq: number; feature: Feature | null };
type Message =
  | { type: "hello" | "tick" | "missed"; seq: number; at: string; positions_at?: string | null }
  | { type: "changes"; changes: Change[] };

export type Listener = {
  change: (change: Change) => void;
  positions: (frame: PositionFrame) => void;
  resync: () => void;
};
export type Live = ReturnType<typeof createLive>;

/** Build the connection on a way to open a socket, which asks for its ticket first; nothing opens before `start`. */
export function createLive(open: () => Promise<WebSocket>, listener: Listener) {
  const connected = signal(false);
  const heard_ms = signal(Date.now());
  const positions_at = signal<string | null>(null);
  const clock_offset_ms = signal(0); // server's clock less this machine's
  let socket: WebSocket | null = null;
  let view: readonly number[] | null = null;
  let seq: number | null = null;
  let attempt = 0;
  let timer = 0;
  let running = false;
  let era = 0; // a socket that was asked for before a stop is nobody's

  const send = (message: object) => socket?.readyState === 1 && socket.send(JSON.stringify(message));

  function greeted(message: { seq: number }): void {
    if (seq !== null && message.seq !== seq) send({ type: "resume", seq });
    if (seq !== null) listener.resync();
    seq ??= message.seq;
    if (view) send({ type: "view", bbox: view });
  }

  function changed(change: Change): void {
    seq = Math.max(seq ?? 0, change.seq);
    listener.change(change);
  }

  function heard(message: Message): void {
    if (message.type === "changes") {
      batch(() => message.changes.forEach(changed));
      return;
    }
    clock_offset_ms.value = new Date(message.at).getTime() - Date.now();
    if (message.type === "tick") positions_at.value = message.positions_at ?? null;
    else if (message.type === "hello") greeted(message);
    else {
      seq = message.seq; // too much changed meanwhile: everything is read again
      listener.resync();
    }
  }

  function receive(event: MessageEvent): void {
    heard_ms.value = Date.now();
    if (event.data instanceof ArrayBuffer) listener.positions(decode(event.data));
    else heard(JSON.parse(event.data as string) as Message);
  }

  function again(): void {
    if (running) timer = window.setTimeout(connect, backoff_ms(attempt++));
  }

  async function connect(): Promise<void> {
    const begun = ++era;
    const opened = await open().catch(() => null);
    if (begun !== era) opened?.close();
    else if (opened) listen(opened);
    else again();
  }

  function listen(opened: WebSocket): void {
    socket = opened;
    opened.binaryType = "arraybuffer";
    opened.onopen = () => {
      connected.value = true;
      attempt = 0;
    };
    opened.onmessage = receive;
    opened.onclose = () => {
      if (socket !== opened) return; // an older socket's late goodbye
      connected.value = false;
      again();
    };
  }

  return {
    connected,
    heard_ms,
    positions_at,
    clock_offset_ms,
    /** Tell the server which part of the map is looked at: west, south, east, north. */
    look(bbox: readonly number[]): void {
      view = bbox;
      send({ type: "view", bbox });
    },
    start(): void {
      running = true;
      void connect();
    },
    stop(): void {
      running = false;
      era++;
      seq = null;
      window.clearTimeout(timer);
      const closing = socket;
      socket = null;
      closing?.close();
      connected.value = false;
    },
  };
}
