import { expect, test, vi } from "vitest";
import { type Ask, type Asked, Refused } from "./ask";
import { type Demands, gaveUp, insist } from "./insist";

const refuse = (code: string, details = {}) => new Refused(403, code, null, details);

/** An ask that answers in order: an error is thrown, all else is handed back. */
function answering(...answers: unknown[]) {
  const asked: Asked[] = [];
  const ask = (async (_method: string, _path: string, how: Asked = {}) => {
    asked.push(how);
    const next = answers.shift();
    if (next instanceof Error) throw next;
    return next;
  }) as Ask;
  return { ask, asked };
}

function demands(proven = true, purpose: string | null = "incident:7") {
  return { stepUp: vi.fn(async () => proven), purpose: vi.fn(async () => purpose) } satisfies Demands;
}

test("a question that needs a proof is asked again once it is given", async () => {
  const { ask, asked } = answering(refuse("step_up_needed", { means: ["totp"] }), "done");
  const asker = demands();
  expect(await insist(ask, asker)("POST", "/api/accounts", { body: { name: "a" } })).toBe("done");
  expect(asker.stepUp).toHaveBeenCalledWith(["totp"]);
  expect(asked).toEqual([{ body: { name: "a" } }, { body: { name: "a" } }]);
});

test("a purpose goes with the second question in its header, beside what was asked", async () => {
  const { ask, asked } = answering(refuse("purpose_needed"), "done");
  const asker = demands();
  await insist(ask, asker)("POST", "/api/incidents/7/caller", { body: {}, about: "incident:7" });
  expect(asker.purpose).toHaveBeenCalledWith("incident:7");
  expect(asked[1]).toEqual({ body: {}, about: "incident:7", headers: { "X-Qyran-Purpose": "incident:7" } });
});

test("both can be demanded of one question, and the purpose stays with it", async () => {
  const { ask, asked } = answering(refuse("purpose_needed"), refuse("step_up_needed"), "done");
  expect(await insist(ask, demands())("GET", "/api/video")).toBe("done");
  expect(asked[2]?.headers).toEqual({ "X-Qyran-Purpose": "incident:7" });
});

test("a demand that is met and made again is a refusal, not a loop", async () => {
  const { ask, asked } = answering(refuse("step_up_needed"), refuse("step_up_needed"));
  await expect(insist(ask, demands())("GET", "/api/audit/export")).rejects.toMatchObject({ code: "step_up_needed" });
  expect(asked).toHaveLength(2);
});

test("who gives up is told nothing more, and nothing is asked again", async () => {
  for (const code of ["step_up_needed", "purpose_needed"]) {
    const { ask, asked } = answering(refuse(code));
    const error = await insist(ask, demands(false, null))("GET", "/api/audit/export").catch((thrown) => thrown);
    expect(gaveUp(error)).toBe(true);
    expect(asked).toHaveLength(1);
  }
});

test("any other refusal is handed on as it is", async () => {
  const asker = demands();
  const { ask } = answering(refuse("not_your_role"));
  await expect(insist(ask, asker)("GET", "/api/accounts")).rejects.toMatchObject({ code: "not_your_role" });
  expect(asker.stepUp).not.toHaveBeenCalled();
});
