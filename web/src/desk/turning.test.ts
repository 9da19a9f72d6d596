import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refused } from "../api/ask";
import type { Ptz } from "../api/cameras";
import type { Client } from "../api/client";
import { createTurning, isBusy } from "./turning";

const title = (word: string) => ({ kk: word, ru: word, en: word });
const stands: Ptz = {
  id: 7,
  code: "C-7",
  name: title("Gate"),
  state: "live",
  preset: null,
  moving: false,
  presets: [],
  own: true,
  holder: null,
  command: null,
};

function build(turn = vi.fn(async (..._: unknown[]) => stands), ptz = vi.fn(async () => stands)) {
  const client = { turn, ptz, letGoCamera: vi.fn(async () => undefined) } as unknown as Client;
  return { turn, ptz, turning: createTurning(client, 7) };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", globalThis);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a move goes on while it is held, and ends with a stop", async () => {
  const { turn, turning } = build();
  turning.hold({ pan: 0.4 });
  await vi.advanceTimersByTimeAsync(2500);
  turning.release();
  turning.release(); // let go twice, as a pointer that leaves and rises is
  await vi.advanceTimersByTimeAsync(0);
  const asked = turn.mock.calls.map(([, command]) => (command as { kind: string }).kind);
  expect(asked).toEqual(["move", "move", "move", "stop"]);
  turning.stop();
});

test("who is refused moves no more, and reads why until something is asked anew", async () => {
  const refused = new Refused(409, "camera_held", title("held"), {});
  const { turn, turning } = build(vi.fn(async () => Promise.reject(refused)));
  turning.hold({ tilt: 0.4 });
  await vi.advanceTimersByTimeAsync(3000);
  expect(turn).toHaveBeenCalledTimes(1);
  expect(turning.wrong.value).toBe(refused);
  turn.mockImplementation(async () => stands);
  await turning.send({ kind: "stop" });
  await vi.advanceTimersByTimeAsync(0);
  expect(turning.wrong.value).toBe(null);
  turning.stop();
});

test("a camera that moves is looked at often, one that stands seldom, and after the end never", async () => {
  const moving = { ...stands, moving: true };
  const ptz = vi.fn(async () => stands).mockResolvedValueOnce(moving);
  const { turning } = build(undefined, ptz);
  await turning.look();
  expect(isBusy(turning.ptz.value)).toBe(true);
  await vi.advanceTimersByTimeAsync(800);
  expect(ptz).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(3000);
  expect(ptz).toHaveBeenCalledTimes(2);
  turning.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ptz).toHaveBeenCalledTimes(2);
});
