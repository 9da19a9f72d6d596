import { beforeEach, expect, test, vi } from "vitest";
import { Refused } from "../api/ask";
import type { Client } from "../api/client";
import { createDesk } from "./desk";
import { createLife } from "./lifecycle";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", globalThis);
});

/** The life of incident 12, whose server answers when it is told to. */
function build(answer: (id: number, question: string, given: string) => Promise<unknown>) {
  const client = { answer: vi.fn(answer), incident: vi.fn(async (id: number) => ({ id })) };
  const desk = createDesk(client as unknown as Client);
  desk.opened_id.value = 12;
  return { client, desk, life: createLife(client as unknown as Client, desk) };
}

test("an answer that is given while another is on its way is sent too", async () => {
  const { client, life } = build(() => new Promise(() => undefined));
  void life.answer("people", "4");
  void life.answer("smoke", "yes");
  expect(client.answer.mock.calls).toEqual([
    [12, "people", "4"],
    [12, "smoke", "yes"],
  ]);
});

test("an answer that the server refuses is told, and the incident is read again", async () => {
  const { client, desk, life } = build(async () => {
    throw new Refused(409, "incident_closed", { kk: "жабық", ru: "закрыто", en: "closed" });
  });
  expect(await life.answer("people", "4")).toBe(false);
  expect(desk.notice.value?.bad).toBe(true);
  expect(client.incident).toHaveBeenCalledWith(12);
});
