import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import type { Session } from "../api/access";
import type { Client } from "../api/client";
import type { RegimeNow } from "../api/regime";
import type { Desk } from "./desk";
import { createRuling } from "./ruling";

const settled = () => new Promise((resolve) => setTimeout(resolve));
const of = (area_id: number, name: RegimeNow["name"], plans = 3) =>
  ({ area_id, name, by: null, every: [], plans }) as unknown as RegimeNow;
const inside = (id: number) => ({ entered: { id } }) as unknown as Session;

function room(answers: RegimeNow[]) {
  const session = signal<Session | null>(null);
  const document = signal({ plans: 3 });
  const desk = { session, document, may: () => true, tell: vi.fn(), refreshPlans: vi.fn() } as unknown as Desk;
  const client = { regime: async () => answers.shift(), setRegime: vi.fn(async () => of(1, "raised")) };
  return { session, desk, client, ruling: createRuling(client as unknown as Client, desk) };
}

test("the regime of the area entered is read, and forgotten when nobody is signed in", async () => {
  const { session, ruling } = room([of(1, "raised")]);
  session.value = inside(1);
  await settled();
  expect(ruling.now.value?.name).toBe("raised");
  session.value = null;
  expect(ruling.now.value).toBeNull();
});

test("an answer about an area that was left meanwhile is thrown away", async () => {
  const { session, ruling } = room([of(1, "emergency")]);
  session.value = inside(1);
  session.value = inside(2);
  await settled();
  expect(ruling.now.value).toBeNull();
});

test("setting it asks the server, says so and reads again", async () => {
  const { session, client, desk, ruling } = room([of(1, "everyday")]);
  session.value = inside(1);
  await settled();
  await ruling.set(1, "raised", "Flood is near.");
  expect(client.setRegime).toHaveBeenCalledWith(1, "raised", "Flood is near.");
  expect(desk.tell).toHaveBeenCalledOnce();
});

test("what incidents are opened from is read anew where the plans are others now, and only then", async () => {
  const { session, desk, ruling } = room([of(1, "everyday"), of(1, "everyday", 4)]);
  session.value = inside(1);
  await settled();
  expect(desk.refreshPlans).not.toHaveBeenCalled();
  ruling.refresh();
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(desk.refreshPlans).toHaveBeenCalledOnce();
});
