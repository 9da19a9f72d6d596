import { expect, test, vi } from "vitest";
import { createAsk } from "./ask";

const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });

test("a wrong code, passkey or password ends no session", async () => {
  const ended = vi.fn();
  const ask = createAsk(async () => answer(403, { code: "wrong_code" }), ended);
  for (const path of ["", "/totp", "/webauthn/verify", "/step-up", "/password"])
    await ask("POST", `/api/session${path}`, { body: {} }).catch(() => undefined);
  expect(ended).not.toHaveBeenCalled();
});

test("a session that is gone ends wherever it is noticed, but not where one asks whether there is one", async () => {
  const ended = vi.fn();
  const ask = createAsk(async () => answer(401, { code: "not_signed_in" }), ended);
  await ask("GET", "/api/session").catch(() => undefined);
  expect(ended).not.toHaveBeenCalled();
  await ask("POST", "/api/session/step-up", { body: {} }).catch(() => undefined);
  await ask("GET", "/api/units").catch(() => undefined);
  expect(ended).toHaveBeenCalledTimes(2);
});

test("an area that is gone ends the look at it, not the try to give somebody another", async () => {
  const ended = vi.fn();
  const ask = createAsk(async () => answer(403, { code: "area_closed" }), ended);
  await ask("POST", "/api/sources", { body: { area_id: 7 } }).catch(() => undefined);
  expect(ended).not.toHaveBeenCalled();
  await ask("GET", "/api/units").catch(() => undefined);
  expect(ended).toHaveBeenCalledOnce();
});

test("a file comes as it is", async () => {
  const ask = createAsk(async () => new Response("at,who\n"));
  expect(await (await ask<Blob>("GET", "/api/audit/export", { file: true })).text()).toBe("at,who\n");
});

test("an answer without a body is nothing", async () => {
  const ask = createAsk(async () => new Response(null, { status: 204 }));
  expect(await ask("DELETE", "/api/session")).toBeUndefined();
});
