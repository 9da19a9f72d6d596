import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import type { Client } from "../api/client";
import type { Cover, StandbyMove } from "../api/cover";
import { createCovering } from "./covering";
import type { Desk } from "./desk";

const title = (word: string) => ({ kk: word, ru: word, en: word });
const move = {
  unit_id: 4,
  call_sign: "101-1",
  post: { id: 9, kind: "fire_station", name: title("Post"), place: { lon: 76.9, lat: 43.2 } },
  drive_s: 300,
} as unknown as StandbyMove;

function build() {
  let now = 0;
  const desk = {
    document: signal({ layers: [], services: { police: {}, fire: {} } }),
    units: signal(new Map([[4, { id: 4, service: "fire", status: "free" }]])),
    may: () => true,
    act: <T>(work: () => Promise<T>) => work(),
    tell: vi.fn(),
  };
  let moves = [move];
  const cover = vi.fn(
    async (service: string) => ({ service, falls_short: true, moves, asked: [] }) as unknown as Cover,
  );
  const askToStandBy = vi.fn(async () => {
    moves = [];
  });
  const client = { cover, askToStandBy } as unknown as Client;
  const covering = createCovering(client, desk as unknown as Desk, () => now);
  return { covering, cover, askToStandBy, wait: (ms: number) => (now += ms), desk };
}
const read = async (covering: ReturnType<typeof build>["covering"]) =>
  vi.waitFor(() => {
    expect(covering.busy.value).toBe(false);
    expect(covering.known.value.size).toBe(2);
  });

test("a service that is not drawn is read again at its interval, though as many units are free as before", async () => {
  const { covering, cover, wait } = build();
  await read(covering);
  expect(cover).toHaveBeenCalledTimes(2);
  wait(60_000);
  await covering.refresh();
  expect(cover).toHaveBeenCalledTimes(2);
  wait(60_000);
  await covering.refresh();
  expect(cover).toHaveBeenCalledTimes(4);
});

test("a move that is asked goes to the server with its post, and is no longer proposed", async () => {
  const { covering, askToStandBy, desk } = build();
  await read(covering);
  covering.show("fire");
  await vi.waitFor(() => expect(covering.busy.value).toBe(false));
  expect(covering.drawn.value?.cover.moves).toEqual([move]);
  await covering.ask(move);
  expect(askToStandBy).toHaveBeenCalledWith(move, expect.stringContaining("Post"));
  expect(desk.tell).toHaveBeenCalled();
  expect(covering.drawn.value?.cover.moves).toEqual([]);
});

/** Hold back the next answer about cover until it is let go. */
function heldBack(cover: ReturnType<typeof build>["cover"]) {
  let letGo: (answer: Cover) => void = () => undefined;
  cover.mockImplementationOnce(() => new Promise((done) => (letGo = done)));
  return (part: object) =>
    letGo({ service: "fire", falls_short: true, moves: [], asked: [], ...part } as unknown as Cover);
}

test("a move that is asked while cover is read is proposed no more, also by the older answer, and is read once more", async () => {
  const { covering, cover } = build();
  await read(covering);
  const answer = heldBack(cover);
  covering.show("fire");
  await covering.ask(move);
  expect(covering.drawn.value?.cover.moves).toEqual([]);
  const before = cover.mock.calls.length;
  answer({ moves: [move] });
  await vi.waitFor(() => expect(covering.busy.value).toBe(false));
  expect(cover.mock.calls.length).toBeGreaterThan(before);
  expect(covering.drawn.value?.cover.moves).toEqual([]);
});

test("the cover of an area that was left is not shown in the next one", async () => {
  const { covering, cover, desk } = build();
  await read(covering);
  const answer = heldBack(cover);
  covering.show("fire");
  cover.mockImplementation(async (service: string) => ({ service, share: 0.9, moves: [] }) as unknown as Cover);
  desk.document.value = { layers: [], services: { police: {}, fire: {} } };
  answer({ share: 0.1 });
  await read(covering);
  expect([...covering.known.value.values()].map((one) => one.cover.share)).toEqual([0.9, 0.9]);
});
