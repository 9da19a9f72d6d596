/** Turning one PTZ camera: the newest command counts, a move goes on while it is held, and who has the camera is told. */
import { signal } from "@preact/signals";
import { Refused } from "../api/ask";
import type { Ptz, Speed, Turn } from "../api/cameras";
import type { Client } from "../api/client";
import { gaveUp } from "../api/insist";

export type Turning = ReturnType<typeof createTurning>;

const AGAIN_MS = 1000; // a move that is not asked for again ends after a second and a half
const LOOK_MS = { busy: 700, idle: 4000 };

/** Whether something is still to be told of what was asked. */
export const isBusy = (ptz: Ptz | null): boolean => !!ptz && (ptz.moving || ptz.command?.outcome === null);

/** Build it for one camera; `stop` ends its looking. */
export function createTurning(client: Client, id: number) {
  const ptz = signal<Ptz | null>(null);
  const wrong = signal<unknown>(null);
  let [held, next, over] = [0, 0, false];
  let asked = 0; // an answer that was overtaken is thrown away

  async function take(question: () => Promise<Ptz>): Promise<void> {
    const own = ++asked;
    try {
      const answer = await question();
      if (own !== asked) return;
      ptz.value = answer;
      wrong.value = null;
    } catch (error) {
      if (own !== asked || gaveUp(error)) return;
      wrong.value = error;
      if (error instanceof Refused && error.code === "camera_held") release(false);
    }
  }
  async function look(): Promise<void> {
    window.clearTimeout(next);
    const refused = wrong.peek();
    await take(() => client.ptz(id));
    wrong.value ??= refused; // what was refused stays on the screen until something is asked anew
    if (!over) next = window.setTimeout(look, isBusy(ptz.peek()) ? LOOK_MS.busy : LOOK_MS.idle);
  }
  async function send(command: Turn): Promise<void> {
    await take(() => client.turn(id, command));
    if (!over) void look();
  }
  /** Move for as long as it is held. */
  function hold(speed: Speed): void {
    window.clearInterval(held);
    const move = () => void send({ kind: "move", ...speed });
    held = window.setInterval(move, AGAIN_MS);
    move();
  }
  function release(tell = true): void {
    if (held === 0) return;
    window.clearInterval(held);
    held = 0;
    if (tell) void send({ kind: "stop" });
  }
  async function letGo(): Promise<void> {
    await client.letGoCamera(id).catch((error) => (wrong.value = error));
    if (!over) void look();
  }
  function stop(): void {
    release();
    over = true;
    window.clearTimeout(next);
  }
  return { ptz, wrong, look, send, hold, release, letGo, stop };
}
