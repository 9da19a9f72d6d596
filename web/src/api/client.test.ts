import { expect, test, vi } from "vitest";
import { createAsk, Refused } from "./ask";
import { createClient } from "./client";

const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });

test("a refusal carries the server's code and sentence", async () => {
  const message = { kk: "Бос емес", ru: "Занят", en: "Busy" };
  const client = createClient(createAsk(async () => answer(409, { code: "unit_busy", message, details: { unit: 4 } })));
  const refused = await client.dispatch(1, [4]).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Refused);
  expect(refused).toMatchObject({ status: 409, code: "unit_busy", title: message, details: { unit: 4 } });
});

test("no answer is a refusal as well, with status 0", async () => {
  const client = createClient(createAsk(async () => Promise.reject(new TypeError("failed to fetch"))));
  await expect(client.units()).rejects.toMatchObject({ status: 0, code: "no_answer" });
});

test("an answer that is not ours is told by its status", async () => {
  const client = createClient(createAsk(async () => new Response("<html>", { status: 502 })));
  await expect(client.map()).rejects.toMatchObject({ status: 502, code: "http_502" });
});

test("a session that ended signs the windows out, a wrong password does not", async () => {
  const signedOut = vi.fn();
  const client = createClient(createAsk(async () => answer(401, { code: "not_signed_in" }), signedOut));
  await client.signIn("dispatcher", "wrong").catch(() => undefined);
  expect(signedOut).not.toHaveBeenCalled();
  await client.units().catch(() => undefined);
  expect(signedOut).toHaveBeenCalledOnce();
});

test("what is asked is sent as JSON to the path of the thing", async () => {
  const fetch = vi.fn(async () => answer(200, { event: {}, incident: {} }));
  await createClient(createAsk(fetch)).confirm(7, { join: 3 });
  expect(fetch).toHaveBeenCalledWith(
    "/api/events/7/confirm",
    expect.objectContaining({ method: "POST", body: '{"join":3}' }),
  );
});

test("how far is looked back is asked for only where somebody said it", async () => {
  const fetch = vi.fn(async (_: string) => answer(200, {}));
  const client = createClient(createAsk(fetch as unknown as typeof globalThis.fetch));
  await client.pastOf(7, "visits");
  await client.pastOf(7, "phone", { days: 30 });
  await client.pastOf(7, "road", { radius_m: 200 });
  await client.history(7);
  await client.premises(7, { days: 30 });
  expect(fetch.mock.calls.map(([path]) => path)).toEqual([
    "/api/incidents/7/past?what=visits",
    "/api/incidents/7/past/phone?days=30",
    "/api/incidents/7/past?what=road&radius_m=200",
    "/api/incidents/7/history",
    "/api/incidents/7/premises?days=30",
  ]);
});

test("of the cameras those are streamed that something reads or has read", async () => {
  const camera = (id: number, enabled: boolean, state: string) => ({ id, properties: { enabled, state } });
  const features = [camera(1, true, "unknown"), camera(2, false, "down"), camera(3, false, "unknown")];
  const client = createClient(createAsk(async () => answer(200, { features })));
  expect((await client.streamed()).map(({ id }) => id)).toEqual([1, 2]);
});
