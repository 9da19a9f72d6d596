import { afterEach, expect, test, vi } from "vitest";
import type { CrewClient } from "./client";
import { createCrew } from "./crew";
import { openKept } from "./kept";
import { createOutbox } from "./outbox";
import { createPush } from "./push";

/** A browser whose page is subscribed; what happens is written down in its order. */
function browser(done: string[]) {
  const phone = {
    endpoint: "https://push.example/1",
    toJSON: () => ({}),
    unsubscribe: async () => done.push("silent"),
  };
  const pushManager = { getSubscription: async () => phone };
  vi.stubGlobal("PushManager", class {});
  vi.stubGlobal("navigator", { serviceWorker: { getRegistration: async () => ({ pushManager }) } });
}
afterEach(() => vi.unstubAllGlobals());

test("who signs out is woken no more: the phone unsubscribes before the session ends, also without a connection", async () => {
  const done: string[] = [];
  browser(done);
  const signOut = async () => {
    done.push("signed out");
    throw new Error("no connection");
  };
  const client = { signOut } as unknown as CrewClient;
  const kept = await openKept();
  const hands = { send: async () => undefined, account: () => null, sent: () => undefined };
  const outbox = createOutbox(kept, { ...hands, one_at_a_time: (_, work) => work() });
  const push = createPush(client);
  const crew = createCrew(client, kept, () => outbox, push.forget);
  await crew.leave();
  expect(done).toEqual(["silent", "signed out"]);
  expect([crew.door.value, push.state.value]).toEqual([{ is: "shut", why: null }, "off"]);
});

test("a phone that is subscribed tells the server again as its page opens, for the session that holds now", async () => {
  browser([]);
  const told: unknown[] = [];
  const push = createPush({ subscribe: async (phone: unknown) => told.push(phone) } as unknown as CrewClient);
  await push.look();
  expect([told.length, push.state.value]).toEqual([1, "on"]);
});
