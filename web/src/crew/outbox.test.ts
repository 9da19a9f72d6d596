import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refused } from "../api/ask";
import { inMemory, type Kept } from "./kept";
import { createOutbox, passes, rest_ms } from "./outbox";
import type { Act, Entry } from "./values";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const OFFLINE = new Refused(0, "no_answer", null);
const NO = new Refused(409, "wrong_status", { kk: "жоқ", ru: "нет", en: "no" });
const say = (text: string): Act => ({ kind: "message", text });
const status = (name: string): Act => ({ kind: "status", dispatch_id: 7, status: name });

/** A server that takes what it is sent unless `answers` says otherwise, in turn. */
function build(kept: Kept = inMemory(), account = 1) {
  const sent: Entry[] = [];
  const answers: (Refused | null)[] = [];
  const who = { account };
  const taken: string[] = [];
  const outbox = createOutbox(
    kept,
    {
      send: async (entry) => {
        sent.push(entry);
        const answer = answers.shift();
        if (answer) throw answer;
      },
      account: () => who.account,
      sent: (entry) => taken.push(entry.id),
      one_at_a_time: (_, work) => work(),
    },
    { now: Date.now, chance: () => 0 },
  );
  return { outbox, sent, answers, who, kept, taken };
}

test("what is done with a connection is sent at once and leaves the store", async () => {
  const { outbox, sent, kept } = build();
  await outbox.add(say("On our way."));
  await vi.advanceTimersByTimeAsync(0);
  expect(sent.map((entry) => entry.act)).toEqual([say("On our way.")]);
  expect(await kept.entries()).toEqual([]);
  expect(outbox.waiting.value).toEqual([]);
});

test("without a connection it is kept, tried again later and later, and sent once under one id", async () => {
  const { outbox, sent, answers, taken } = build();
  answers.push(OFFLINE, OFFLINE, new Refused(503, "store_down", null), null);
  await outbox.add(status("acknowledged"));
  await vi.advanceTimersByTimeAsync(0);
  expect(outbox.waiting.value).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toHaveLength(4);
  expect(new Set(sent.map((entry) => entry.id)).size).toBe(1);
  expect(new Set(sent.map((entry) => entry.at)).size).toBe(1);
  expect(taken).toHaveLength(1);
  expect(outbox.waiting.value).toEqual([]);
});

test("acts keep their order: the second waits while the first cannot be sent", async () => {
  const { outbox, sent, answers } = build();
  answers.push(OFFLINE);
  await outbox.add(status("acknowledged"));
  await outbox.add(status("enroute"));
  await vi.advanceTimersByTimeAsync(60_000);
  const done = sent.map(({ act }) => act.kind === "status" && act.status);
  expect(done).toEqual(["acknowledged", "acknowledged", "enroute"]);
});

test("a panic waits for nobody", async () => {
  const { outbox, sent, answers } = build();
  answers.push(OFFLINE);
  await outbox.add(say("first"));
  await vi.advanceTimersByTimeAsync(0);
  await outbox.add({ kind: "panic" });
  await vi.advanceTimersByTimeAsync(0);
  expect(sent.map(({ act }) => act.kind)).toEqual(["message", "panic"]);
  expect(outbox.waiting.value.map(({ act }) => act.kind)).toEqual(["message"]);
});

test("what the server refuses is shown until it is put away, and holds nothing up", async () => {
  const { outbox, sent, answers } = build();
  answers.push(NO);
  await outbox.add(status("onscene"));
  await outbox.add(say("We are there."));
  await vi.advanceTimersByTimeAsync(120_000);
  expect(sent).toHaveLength(2);
  expect(outbox.waiting.value).toEqual([]);
  const [refused] = outbox.refused.value;
  expect(refused?.refused).toEqual({ code: "wrong_status", title: NO.title });
  await outbox.putAway(refused?.n ?? 0);
  expect(outbox.entries.value).toEqual([]);
});

test("a page that opens again sends what the one before it kept", async () => {
  const before = build();
  before.answers.push(OFFLINE);
  await before.outbox.add(say("kept"));
  await vi.advanceTimersByTimeAsync(0);
  const after = build(before.kept);
  await after.outbox.reload();
  expect(after.outbox.waiting.value).toHaveLength(1);
  await after.outbox.flush();
  expect(after.sent.map((entry) => entry.id)).toEqual(before.sent.map((entry) => entry.id));
  expect(await after.kept.entries()).toEqual([]);
});

test("an ended session refuses nothing for good: it waits for the sign-in", async () => {
  const { outbox, answers } = build();
  answers.push(new Refused(401, "not_signed_in", null));
  await outbox.add(status("clear"));
  await vi.advanceTimersByTimeAsync(0);
  expect(outbox.refused.value).toEqual([]);
  expect(outbox.waiting.value).toHaveLength(1);
});

test("another person on this phone does not send what was done before", async () => {
  const { outbox, sent, answers, who, kept } = build();
  answers.push(OFFLINE);
  await outbox.add(say("mine"));
  await vi.advanceTimersByTimeAsync(0);
  who.account = 2;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toHaveLength(1);
  expect(await kept.entries()).toHaveLength(1);
  who.account = 1;
  await outbox.flush();
  expect(sent).toHaveLength(2);
});

test("many hands at once send each act once", async () => {
  const { outbox, sent } = build();
  await Promise.all(Array.from({ length: 20 }, (_, i) => outbox.add(say(`${i}`))));
  await Promise.all([outbox.flush(), outbox.flush(), outbox.flush()]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent.map(({ act }) => act.kind === "message" && Number(act.text))).toEqual([...Array(20).keys()]);
});

test("a panic is tried at least every two seconds, an act at least every fifteen", () => {
  expect(rest_ms("panic", 50, 0)).toBe(2_000);
  expect(rest_ms("acts", 50, 0)).toBe(15_000);
  expect(rest_ms("acts", 0, 1)).toBe(375);
});

test("only what may be answered differently later is tried again", () => {
  for (const status of [0, 408, 429, 500, 502, 503]) expect(passes(new Refused(status, "x", null))).toBe(true);
  for (const status of [400, 403, 404, 409, 413, 422]) expect(passes(new Refused(status, "x", null))).toBe(false);
});
