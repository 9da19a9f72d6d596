import { beforeEach, expect, test, vi } from "vitest";
import type { Session } from "../api/access";
import type { Client } from "../api/client";
import type { Unit } from "../api/types";
import { createCrews, wroteNew } from "./crews";
import { createDesk } from "./desk";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", globalThis);
});

const unit = (id: number, unread?: Unit["unread"]) => ({ id, call_sign: `U-${id}`, unread }) as Unit;

test("a crew that wrote is told of once, and again when it writes more", () => {
  const heard = new Map<number, number>([[2, 7]]);
  const wrote = (units: Unit[]) => wroteNew(units, heard).map((one) => one.id);
  expect(wrote([unit(1, { count: 1, newest: 4 }), unit(2, { count: 3, newest: 7 }), unit(3, null), unit(4)])).toEqual([
    1,
  ]);
  expect(wrote([unit(2, { count: 1, newest: 8 })])).toEqual([2]);
});

function build() {
  const client = {
    unit: vi.fn(async (id: number) => ({ id })),
    statusProposals: vi.fn(async () => ({ proposals: [] })),
  } as unknown as Client;
  const [desk, chime] = [createDesk(client), vi.fn()];
  desk.session.value = { operations: ["units.read", "statuses.list"] } as Session;
  return { client, desk, chime, crews: createCrews(client, desk, chime) };
}

test("what a crew wrote is told and rung", () => {
  const { desk, chime } = build();
  desk.units.value = new Map([[1, unit(1, { count: 1, newest: 4 })]]);
  expect(desk.notice.value?.text).toContain("U-1");
  expect(chime).toHaveBeenCalledOnce();
});

test("what a crew wrote wipes out no error, and is rung all the same", () => {
  const { desk, chime } = build();
  desk.tell("It did not work", true);
  desk.units.value = new Map([[1, unit(1, { count: 1, newest: 4 })]]);
  expect(desk.notice.value).toEqual({ text: "It did not work", bad: true });
  expect(chime).toHaveBeenCalledOnce();
});

test("refreshing reads the unit that is looked at and what is proposed again", async () => {
  const { client, crews, desk } = build();
  desk.select({ kind: "unit", id: 7 }, false);
  await vi.advanceTimersByTimeAsync(2000);
  vi.mocked(client.unit).mockClear();
  vi.mocked(client.statusProposals).mockClear();
  crews.refresh();
  expect(client.unit).toHaveBeenCalledExactlyOnceWith(7);
  expect(client.statusProposals).toHaveBeenCalledOnce();
});
