import { beforeEach, expect, test, vi } from "vitest";
import type { CallAtLength, CallChange } from "../api/calls";
import type { Client } from "../api/client";
import { createDesk } from "./desk";
import { createIntake } from "./intake";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", globalThis);
});

const MASKED = "+7 7** *** ** 13";
const call = (part: Partial<CallAtLength> = {}) =>
  ({
    id: 1,
    state: "answered",
    phone: MASKED,
    caller_name: null,
    said: "",
    answers: {},
    address: null,
    place: null,
    likenesses: [],
    entries: [],
    ...part,
  }) as unknown as CallAtLength;

/** An intake before a server that keeps one call and masks its phone. */
function build(more: object = {}) {
  const stands = { phone: "+77010000013" as string | null };
  const masked = () => call({ phone: stands.phone && `+7 7** *** ** ${stands.phone.slice(-2)}` });
  const client = {
    call: vi.fn(async (_id: number) => masked()),
    calls: vi.fn(async () => ({ calls: [] })),
    changeCall: vi.fn(async (_id: number, change: CallChange) => {
      if (change.phone !== undefined) stands.phone = change.phone;
      return masked();
    }),
    callCaller: vi.fn(async () => ({ name: null, phone: stands.phone, later_names: [], later_phones: [] })),
    ...more,
  };
  const desk = createDesk(client as unknown as Client);
  return { client, desk, stands, intake: createIntake(client as unknown as Client, desk) };
}

async function opened(more: object = {}) {
  const house = build(more);
  house.intake.show(1, false);
  await vi.advanceTimersByTimeAsync(0);
  return house;
}

test("the mask of a phone is a hint beside an empty field, and is never sent", async () => {
  const { client, intake } = await opened();
  expect(intake.ofCaller("phone")).toEqual({ value: "", hint: MASKED });
  intake.type({ said: "smoke" });
  await intake.keep();
  expect(client.changeCall).toHaveBeenCalledWith(1, { said: "smoke" });
});

test("what one typed oneself stays in sight after it was kept, and can be corrected", async () => {
  const { intake, stands } = await opened();
  intake.typeCaller("phone", "+77011112233");
  await intake.keep();
  expect(intake.ofCaller("phone")).toEqual({ value: "+77011112233", hint: null });
  intake.typeCaller("phone", "+77011112234");
  await intake.keep();
  expect(stands.phone).toBe("+77011112234");
  await intake.showCaller();
  intake.typeCaller("phone", "+77015555555");
  await intake.keep();
  expect(intake.ofCaller("phone").value).toBe("+77015555555");
});

test("a letter typed by mistake and taken back leaves the phone that nobody has seen", async () => {
  const { client, intake } = await opened();
  intake.typeCaller("phone", "8");
  intake.typeCaller("phone", "");
  await intake.keep();
  expect(client.changeCall).not.toHaveBeenCalled();
  expect(intake.ofCaller("phone").hint).toBe(MASKED);
});

test("a phone that was shown is emptied by emptying its field", async () => {
  const { intake, stands } = await opened();
  await intake.showCaller();
  intake.typeCaller("phone", "");
  await intake.keep();
  expect(stands.phone).toBeNull();
});

test("what was shown is forgotten once another wrote over it", async () => {
  const { intake, stands } = await opened();
  await intake.showCaller();
  stands.phone = "+77019999999";
  await vi.advanceTimersByTimeAsync(500);
  intake.refresh();
  await vi.advanceTimersByTimeAsync(500);
  expect(intake.ofCaller("phone")).toEqual({ value: "", hint: "+7 7** *** ** 99" });
});

test("an incident opens with the priority and the urgency that were chosen, and another category forgets them", async () => {
  const openFromCall = vi.fn(async () => null);
  const category = "child_fever";
  const { intake } = await opened({
    openFromCall,
    call: async () => call({ category, place: { lon: 76.9, lat: 43.2 } }),
    changeCall: async () => call({ category, place: { lon: 76.9, lat: 43.2 } }),
  });
  intake.chooseUrgent({ priority: 1 });
  intake.chooseUrgent({ urgency: "I" });
  await intake.openIncident();
  expect(openFromCall).toHaveBeenLastCalledWith(1, expect.objectContaining({ category, priority: 1, urgency: "I" }));
  await intake.chooseCategory(category);
  expect(intake.urgent.value).toEqual({});
});

test("a click on the map is of the call that was open when it was made", async () => {
  let answer: (around: object) => void = () => undefined;
  const { client, desk, intake } = await opened({ around: () => new Promise((done) => (answer = done)) });
  intake.point();
  const pointed = desk.pointing.value?.({ lon: 76.9, lat: 43.2 });
  intake.show(2, false);
  answer({ address: null, street: null, crossing: null });
  await pointed;
  expect(client.changeCall.mock.calls.map(([id]) => id)).toEqual([1]);
  expect(intake.draft.value).toEqual({});
});

const FOUND = { address: { title: { kk: "Абай 5", ru: "Абая 5", en: "Abay 5" } }, street: null, crossing: null };

test("an address that is typed while the click on the map is looked up stays as it was typed", async () => {
  let answer: (around: object) => void = () => undefined;
  const { client, desk, intake } = await opened({ around: () => new Promise((done) => (answer = done)) });
  intake.point();
  const pointed = desk.pointing.value?.({ lon: 76.9, lat: 43.2 });
  intake.type({ address: "the yellow house behind the school" });
  answer(FOUND);
  await pointed;
  expect(client.changeCall).toHaveBeenCalledWith(
    1,
    expect.objectContaining({ placed_by: "click", address: "the yellow house behind the school" }),
  );
});

test("the address at a click on the map is written down where none stands", async () => {
  const { client, desk, intake } = await opened({ around: async () => FOUND });
  intake.point();
  await desk.pointing.value?.({ lon: 76.9, lat: 43.2 });
  expect(client.changeCall).toHaveBeenCalledWith(1, expect.objectContaining({ address: expect.stringMatching(/5/) }));
});

test("a chosen priority is still there after a glance at another call, which has its own", async () => {
  const { intake } = await opened();
  intake.chooseUrgent({ priority: 1 });
  intake.show(2, false);
  expect(intake.urgent.value).toEqual({});
  intake.chooseUrgent({ priority: 3 });
  intake.show(1, false);
  expect(intake.urgent.value).toEqual({ priority: 1 });
});

test("what was chosen is over with its call, and with whoever was signed in", async () => {
  const { desk, intake } = await opened({ endCall: async () => null });
  intake.chooseUrgent({ priority: 1 });
  await intake.end("false");
  intake.show(1, false);
  expect(intake.urgent.value).toEqual({});
  intake.chooseUrgent({ priority: 2 });
  desk.clear();
  intake.show(1, false);
  expect(intake.urgent.value).toEqual({});
});
