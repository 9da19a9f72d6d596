import { expect, test } from "vitest";
import { asked } from "./client";
import { buttonsOf, nextOf } from "./flow";
import { heardNew } from "./news";
import { shown } from "./overlay";
import type { Act, Answer, Entry, Task } from "./values";
import { geoLink, metresBetween } from "./ways";

const title = { kk: "Өрт", ru: "Пожар", en: "Fire" };
const AT = "2026-11-22T08:00:00Z";

function answer(over: Partial<Answer> = {}, status = "dispatched", next = ["acknowledged", "cancelled", "refused"]) {
  const incident = {
    ...{ id: 5, number: "A-5", category: "fire", title, priority: 1, description: "", address: null, hazards: [] },
    place: { lon: 76.9, lat: 43.2 },
  };
  const dispatch = { id: 7, status, next, since: AT, eta_at: null, incident, route: null, acknowledge_by: null };
  const names = { id: 3, call_sign: "F-1", service: "fire", kind: "engine", radio_name: null, label: null };
  const unit = { ...names, duty: "on", status };
  const rest = { shift: null, messages: [], panic: null, reasons: [], server_time: AT };
  return { unit, dispatch, ...rest, ...over } satisfies Answer;
}

const entry = (act: Act, over: Partial<Entry> = {}): Entry => {
  return { id: "id-1", account_id: 1, at: "2026-11-22T08:01:00Z", act, tries: 0, refused: null, ...over };
};

test("what the server said stands where nothing is on its way", () => {
  const { task } = shown(answer(), []);
  expect(task).toMatchObject({ status: "dispatched", waiting: false, ended: false });
  expect(task?.next).toEqual(["acknowledged", "refused"]);
});

test("a status that is not sent yet is shown as pressed, with what follows it, and as not sent", () => {
  const pressed = ["acknowledged", "enroute"].map((status) => entry({ kind: "status", dispatch_id: 7, status }));
  const { task } = shown(answer(), pressed);
  expect(task).toMatchObject({ status: "enroute", since: pressed[1]?.at, waiting: true, next: ["staging", "onscene"] });
});

test("a status of another dispatch, or one that was refused, changes nothing", () => {
  const other = entry({ kind: "status", dispatch_id: 8, status: "clear" });
  const no = entry({ kind: "status", dispatch_id: 7, status: "clear" }, { refused: { code: "x", title: null } });
  expect(shown(answer(), [other, no]).task).toMatchObject({ status: "dispatched", waiting: false });
});

test("a task that is cleared without a connection is over at once", () => {
  const { task } = shown(answer({}, "onscene", ["clear"]), [
    entry({ kind: "status", dispatch_id: 7, status: "clear" }),
  ]);
  expect(task).toMatchObject({ ended: true, next: [] });
});

test("messages stand oldest first, and unsent ones last", () => {
  const messages = [
    { id: 2, at: "2026-11-22T08:00:02Z", from: "desk", text: "b", mine: false },
    { id: 1, at: "2026-11-22T08:00:01Z", from: "desk", text: "a", mine: false },
  ];
  const here = shown(answer({ messages }), [entry({ kind: "message", text: "c" })]);
  expect(here.messages.map(({ text, waiting }) => [text, waiting])).toEqual([
    ["a", false],
    ["b", false],
    ["c", true],
  ]);
});

test("a panic is shown from the moment it is pressed", () => {
  expect(shown(answer(), [entry({ kind: "panic" })]).panic).toMatchObject({ waiting: true, acknowledged_at: null });
  const panic = { id: 1, raised_at: AT, acknowledged_at: null };
  expect(shown(answer({ panic }), []).panic).toMatchObject({ waiting: false });
});

test("a panic that is pressed after it was taken shows the new press, which nobody has taken", () => {
  const taken = { id: 1, raised_at: AT, acknowledged_at: "2026-11-22T08:00:20Z", acknowledged_by: "desk" };
  const at = "2026-11-22T08:01:00Z";
  expect(shown(answer({ panic: taken }), [entry({ kind: "panic" })]).panic).toMatchObject({
    ...{ waiting: true, acknowledged_at: null, pressed_at: at },
  });
  const anew = { ...taken, acknowledged_at: null, acknowledged_by: null, repeated_at: at, anew: true };
  const here = shown(answer({ panic: anew }), []);
  expect(here.panic).toMatchObject({ waiting: false, anew: true, acknowledged_at: null, pressed_at: at });
  const again = shown(answer({ panic: { ...anew, acknowledged_at: "2026-11-22T08:02:00Z" } }), []);
  expect(heardNew(here, again)).toBe("panic");
});

test("only an ambulance has a patient", () => {
  expect(nextOf("onscene", null, "police")).toEqual(["clear"]);
  expect(nextOf("onscene", null, "ambulance")).toEqual(["patient", "transport", "clear"]);
});

test("what is usual is the big button, and refusing is a small one", () => {
  expect(buttonsOf(["acknowledged", "refused"])).toEqual({ main: "acknowledged", others: [], refuse: true });
  expect(buttonsOf(["staging", "onscene"])).toEqual({ main: "onscene", others: ["staging"], refuse: false });
  expect(buttonsOf([])).toEqual({ main: null, others: [], refuse: false });
});

test("a new task sounds, once; a message of the desk sounds, one's own does not", () => {
  const before = shown(answer({ dispatch: null }), []);
  const after = shown(answer(), []);
  expect(heardNew(before, after)).toBe("task");
  expect(heardNew(after, after)).toBeNull();
  const said = (mine: boolean) => shown(answer({ messages: [{ id: 1, at: AT, from: "desk", text: "x", mine }] }), []);
  expect(heardNew(after, said(false))).toBe("message");
  expect(heardNew(after, said(true))).toBeNull();
});

test("an act is told with its client event id and the phone's time", () => {
  const place = { lon: 76.9, lat: 43.2 };
  expect(asked(entry({ kind: "status", dispatch_id: 7, status: "enroute", place }))).toEqual({
    path: "/api/crew/dispatches/7/status",
    body: { status: "enroute", place, at: "2026-11-22T08:01:00Z", client_event_id: "id-1" },
  });
});

/** On its way, to an incident that is another than usual in this, and with a notice of that. */
function driving(over: Partial<Task["incident"]> = {}, redirected: Task["redirected"] = null): Answer {
  const { dispatch, ...rest } = answer({}, "enroute", []);
  return { ...rest, dispatch: dispatch && { ...dispatch, redirected, incident: { ...dispatch.incident, ...over } } };
}

test("a task that leads elsewhere sounds, by its place, its address or its incident, and one that is over does not", () => {
  const before = shown(driving(), []);
  expect(heardNew(before, shown(driving(), []))).toBeNull();
  for (const over of [{ address: "Абай 10" }, { place: { lon: 76.91, lat: 43.2 } }, { id: 6 }])
    expect(heardNew(before, shown(driving(over), []))).toBe("moved");
  const cleared = entry({ kind: "status", dispatch_id: 7, status: "clear" });
  expect(heardNew(before, shown(driving({ id: 6 }), [cleared]))).toBeNull();
});

test("that the crew knows is shown from its press on, and told by the notice it is about", () => {
  const redirected = { notice_id: 3, at: AT };
  const there = driving({}, redirected);
  expect(shown(there, []).task?.redirected).toEqual(redirected);
  const pressed = entry({ kind: "notice", notice_id: 3 });
  expect(shown(there, [pressed]).task?.redirected).toBeNull();
  expect(shown(there, [entry({ kind: "notice", notice_id: 2 })]).task?.redirected).toEqual(redirected);
  expect(asked(pressed).path).toBe("/api/crew/notices/3/acknowledge");
});

test("that messages were read is told up to the newest one, by its own client event id", () => {
  expect(asked(entry({ kind: "read", up_to: 9 }))).toEqual({
    path: "/api/crew/messages/read",
    body: { up_to: 9, at: "2026-11-22T08:01:00Z", client_event_id: "id-1" },
  });
});

test("the navigator is given the place in its own order, latitude first", () => {
  expect(geoLink({ lon: 76.95, lat: 43.25 }, "Абай (1)")).toMatch(
    /^geo:43\.250000,76\.950000\?q=43\.250000,76\.950000\(/,
  );
  expect(geoLink({ lon: 0, lat: 0 }, "a (b)")).toContain("(a%20%28b%29)");
});

test("a degree of latitude is 111 km", () => {
  expect(metresBetween({ lon: 76, lat: 43 }, { lon: 76, lat: 44 })).toBeCloseTo(111_195, -2);
});
