import { expect, test } from "vitest";
import { Refused } from "../../api/ask";
import { addressOf } from "./taking";

const TICKET = { address: "https://door:5056", ticket: "t" };

test("an export that the door hands out is had at its address, and not read twice", async () => {
  let given: AbortSignal | null | undefined;
  const found = await addressOf(TICKET, async (_, init) => {
    given = init.signal;
    return new Response("zip");
  });
  expect(found).toBe("https://door:5056/export?ticket=t");
  expect(given?.aborted).toBe(true);
});

test("an export that the door refuses is told with its sentence, and the window goes nowhere", async () => {
  const title = { kk: "к", ru: "р", en: "Too many watch." };
  const full = Response.json({ code: "too_many_viewers", message: title }, { status: 503 });
  const refused = await addressOf(TICKET, async () => full).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Refused);
  expect(refused).toMatchObject({ code: "too_many_viewers", title });
});

test("a door that does not answer is told as that", async () => {
  const away = addressOf(TICKET, () => Promise.reject(new TypeError("failed")));
  await expect(away).rejects.toMatchObject({ status: 0, code: "no_answer" });
});
