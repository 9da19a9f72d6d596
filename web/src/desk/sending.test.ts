import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import type { Client } from "../api/client";
import type { Desk } from "./desk";
import type { Operations } from "./operations";
import { createSending, mayGo } from "./sending";

function build() {
  const desk = {
    opened_id: signal<number | null>(7),
    opened: signal({ state: "pending", dispatches: [] as unknown[] }),
    proposals: signal<{ chosen: number[] } | null>(null),
    chosen_units: signal<ReadonlySet<number>>(new Set()),
    openIncident: vi.fn(),
    complain: vi.fn(),
  };
  const operations = { dispatch: vi.fn(async () => undefined) };
  const client = { preview: vi.fn(async () => ({ code: null, eta_s: 60 })) };
  const sending = createSending(
    client as unknown as Client,
    desk as unknown as Desk,
    operations as unknown as Operations,
  );
  return { desk, operations, client, sending };
}
const chosen = (desk: ReturnType<typeof build>["desk"]) => [...desk.chosen_units.value];

test("what the plan chose is chosen, until a person changes it", () => {
  const { desk, sending } = build();
  desk.proposals.value = { chosen: [1, 2] };
  expect(chosen(desk)).toEqual([1, 2]);
  sending.toggle(2);
  desk.proposals.value = { chosen: [1, 2] }; // reckoned anew meanwhile
  expect(chosen(desk)).toEqual([1]);
  sending.asPlanned();
  expect(chosen(desk)).toEqual([1, 2]);
});

test("on scene nothing is chosen by itself: what is next there is another thing", () => {
  const { desk } = build();
  desk.opened.value = { state: "onscene", dispatches: [] };
  desk.proposals.value = { chosen: [3] };
  expect(chosen(desk)).toEqual([]);
});

test("a unit that is dropped on an incident is sent only after the yes", async () => {
  const { desk, operations, sending } = build();
  sending.drag.value = { unit_id: 4, from: null, at: null, over: 9 };
  sending.drop();
  await vi.waitFor(() => expect(sending.preview.value?.answer).not.toBeNull());
  expect(operations.dispatch).not.toHaveBeenCalled();
  await sending.sendPreviewed();
  expect(operations.dispatch).toHaveBeenCalledWith([4], 9, []);
  expect(desk.openIncident).toHaveBeenCalledWith(9, false);
});

test("a unit that is dropped beside everything goes nowhere", () => {
  const { client, sending } = build();
  sending.drag.value = { unit_id: 4, from: null, at: null, over: null };
  sending.drop();
  expect(client.preview).not.toHaveBeenCalled();
});

test("who is busy or off duty cannot be sent, who is only slower can", () => {
  const may = (code: string | null) => mayGo({ code } as Parameters<typeof mayGo>[0]);
  expect([null, "slower_by_road", "stale", "wrong_kind", "busy", "off_duty"].map(may)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
});

test("a unit on its way is diverted by one yes, which names the dispatch that ends; a busy one is not sent", async () => {
  const { client, operations, sending } = build();
  const answer = { code: "divertible", unit: { dispatch: { id: 31, incident_number: "26-7" } } };
  client.preview.mockResolvedValue(answer as never);
  await sending.look(4, 9);
  expect(operations.dispatch).not.toHaveBeenCalled();
  await sending.sendPreviewed();
  expect(operations.dispatch).toHaveBeenCalledWith([4], 9, [31]);
  client.preview.mockResolvedValue({ ...answer, code: "busy" } as never);
  await sending.look(4, 9);
  await sending.sendPreviewed();
  expect(operations.dispatch).toHaveBeenCalledTimes(1);
});
