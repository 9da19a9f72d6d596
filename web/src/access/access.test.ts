import { beforeEach, expect, test, vi } from "vitest";
import type { AreaNode, Session } from "../api/access";
import { Refused } from "../api/ask";
import type { CallAtLength } from "../api/calls";
import type { Client } from "../api/client";
import type { Incident, MapDocument } from "../api/types";
import { createDesk } from "../desk/desk";
import { createIntake } from "../desk/intake";
import { createAccess } from "./access";
import { createDemands } from "./demands";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", globalThis);
});

const NOW = Date.parse("2026-11-21T12:00:00Z");
const name = { kk: "Алматы", ru: "Алматы", en: "Almaty" };
const own: AreaNode = { id: 75, code: "KZ-75", level: 2, name, parent_id: null };
const below: AreaNode = { id: 76, code: "KZ-75-MED", level: 4, name, parent_id: 75 };

function session(id = 1, entered = own, over: Partial<Session> = {}): Session {
  return {
    account: { id, name: `person-${id}`, role: "dispatcher", demo: false, area: own, second_factors: [] },
    entered,
    areas: [own, below],
    shift: { started_at: "2026-11-21T02:00:00Z", ends_at: "2026-11-21T14:00:00Z" },
    stepped_up_until: null,
    needs: null,
    means: "password",
    operations: ["events.decide"],
    ...over,
  };
}

function build(now_ms = NOW) {
  const client = {
    map: vi.fn(async () => ({ layers: [], area: own }) as unknown as MapDocument),
    enterArea: vi.fn(async (id: number) => session(1, id === 76 ? below : own)),
    whoAmI: vi.fn(async () => session()),
    signOut: vi.fn(async () => undefined),
    newEvents: async () => ({ events: [] }),
    openIncidents: async () => ({ incidents: [] }),
    units: async () => ({ units: [] }),
    incident: async (id: number) => ({ id, dispatches: [], events: [] }) as unknown as Incident,
    proposals: async () => ({ proposals: [] }),
    history: async () => ({ total: 0, events: [] }),
    call: vi.fn(async (id: number) => ({ id, answers: {} }) as unknown as CallAtLength),
    changeCall: vi.fn(async (id: number, change: object) => ({ id, answers: {}, ...change })),
  };
  const desk = createDesk(client as unknown as Client);
  const intake = createIntake(client as unknown as Client, desk);
  const access = createAccess(client as unknown as Client, desk, intake, createDemands(), () => now_ms);
  return { client, desk, intake, access };
}
const gone = new Refused(401, "not_signed_in", null);

test("a session that owes a second factor opens nothing", async () => {
  const { client, desk, access } = build();
  await access.enter(session(1, own, { needs: "second_factor" }));
  expect(access.waiting.value?.needs).toBe("second_factor");
  expect(desk.session.value).toBeNull();
  expect(client.map).not.toHaveBeenCalled();
});

test("who comes back after the shift finds the desk as it was left", async () => {
  const { client, desk, access } = build(Date.parse("2026-11-21T14:00:00Z"));
  await access.enter(session(1, below));
  desk.tab.value = "incidents";
  desk.openIncident(12, false);
  desk.note_draft.value = "half a sen";
  desk.view.value = { centre: { lon: 76.9, lat: 43.2 }, zoom: 14 };
  access.end(gone);
  expect(access.ended.value?.why).toBe("shift_over");
  expect(desk.session.value).toBeNull();
  expect(desk.opened_id.value).toBeNull();

  await access.enter(session(1, own)); // a new session begins in one's own area
  expect(client.enterArea).toHaveBeenCalledWith(76);
  expect(desk.session.value?.entered.id).toBe(76);
  expect([desk.tab.value, desk.opened_id.value, desk.note_draft.value]).toEqual(["incidents", 12, "half a sen"]);
  expect(desk.view.value?.zoom).toBe(14);
  expect(access.ended.value).toBeNull();
});

test("what was typed of a call when the session ended is asked of nobody, and kept when its person is back", async () => {
  const { client, desk, intake, access } = build();
  await access.enter(session(1));
  desk.openIncident(12, false);
  intake.show(5, false);
  await vi.advanceTimersByTimeAsync(0);
  intake.type({ said: "half a sen" });
  intake.chooseUrgent({ priority: 1 });
  access.end(gone);
  await vi.advanceTimersByTimeAsync(0);
  expect(intake.call.value).toBeNull();
  expect(client.changeCall).not.toHaveBeenCalled();

  await access.enter(session(1));
  await vi.advanceTimersByTimeAsync(0);
  expect([desk.opened_id.value, desk.call_id.value, desk.tab.value]).toEqual([12, 5, "calls"]);
  expect(intake.call.value?.said).toBe("half a sen");
  expect(intake.urgent.value).toEqual({ priority: 1 });
  expect(client.changeCall).toHaveBeenCalledWith(5, { said: "half a sen" });
});

test("somebody else who signs in at this machine finds nothing of it", async () => {
  const { client, desk, intake, access } = build();
  await access.enter(session(1));
  desk.openIncident(12, false);
  intake.show(5, false);
  intake.type({ said: "smoke" });
  access.end(gone);
  expect(access.ended.value?.why).toBe("ended");
  await access.enter(session(2));
  await vi.advanceTimersByTimeAsync(0);
  expect([desk.opened_id.value, desk.call_id.value, intake.draft.value]).toEqual([null, null, {}]);
  expect(client.changeCall).not.toHaveBeenCalled();
});

test("who goes out of their own will leaves nothing behind", async () => {
  const { desk, access } = build();
  await access.enter(session(1));
  desk.openIncident(12, false);
  await access.leave();
  await access.enter(session(1));
  expect(desk.opened_id.value).toBeNull();
});

test("another area empties the desk and reads the map anew", async () => {
  const { client, desk, access } = build();
  await access.enter(session(1));
  desk.openIncident(12, false);
  expect(await access.moveTo(76)).toBe(true);
  expect(desk.session.value?.entered.id).toBe(76);
  expect(desk.opened_id.value).toBeNull();
  expect(client.map).toHaveBeenCalledTimes(2);
});

test("a second factor that another window made is asked for, and the desk comes back after it", async () => {
  const { client, desk, access } = build();
  await access.enter(session(1));
  desk.openIncident(12, false);
  client.whoAmI.mockResolvedValueOnce(session(1, own, { needs: "second_factor" }));
  access.end(new Refused(403, "second_factor_needed", null));
  await vi.advanceTimersByTimeAsync(0);
  expect(access.waiting.value?.needs).toBe("second_factor");
  await access.enter(session(1));
  expect(desk.opened_id.value).toBe(12);
});

test("an area that is struck off takes whoever looked at it back to their own", async () => {
  const { client, desk, access } = build();
  await access.enter(session(1, below));
  access.end(new Refused(403, "area_closed", name));
  access.end(new Refused(403, "area_closed", name));
  await vi.advanceTimersByTimeAsync(0);
  expect(client.enterArea).toHaveBeenCalledTimes(1);
  expect(desk.session.value?.entered.id).toBe(75);
});

test("who has no area any more is told so at the door", async () => {
  const { desk, access } = build();
  await access.enter(session(1));
  access.end(new Refused(403, "area_closed", name));
  expect(desk.session.value).toBeNull();
  expect(access.ended.value).toMatchObject({ refused: { code: "area_closed" } });
});

test("an area that may not be entered leaves everything as it was", async () => {
  const { client, desk, access } = build();
  await access.enter(session(1));
  client.enterArea.mockRejectedValueOnce(new Refused(403, "outside_your_area", null));
  expect(await access.moveTo(1)).toBe(false);
  expect(desk.session.value?.entered.id).toBe(75);
  expect(desk.notice.value?.bad).toBe(true);
});
