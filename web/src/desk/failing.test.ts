/** What is lost is read way by way, an answer that comes late is let go, and one ground at a time is shown. */
import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { Client } from "../api/client";
import type { Desk } from "./desk";
import { createFailing } from "./failing";

const one = (name: string) => ({ name, title: null, cameras: 1 });
const rest = () => new Promise((done) => setTimeout(done));

function built(answers: Record<string, unknown[]>) {
  const asked: string[] = [];
  const purpose = signal("situation");
  const client = {
    lost: async (aim: string, by: string, past: number) => {
      asked.push(`${aim} ${by} ${past}`);
      const all = answers[by] ?? [];
      return { lost: all.slice(past, past + 1), next: past + 1 < all.length ? past + 1 : null };
    },
    lostGround: async (_: string, by: string, name: string) => ({ features: [`${by} ${name}`], whole: true }),
  } as unknown as Client;
  const desk = { document: signal(null) } as unknown as Desk;
  return { failing: createFailing(client, desk, purpose), purpose, asked };
}

test("Nothing is asked until somebody opens it, then the cameras are, and more on demand", async () => {
  const { failing, asked } = built({ camera: [one("7"), one("8")] });
  expect(asked).toEqual([]);
  failing.look(true);
  await rest();
  await failing.more();
  expect(failing.lost.value?.map((each) => each.name)).toEqual(["7", "8"]);
  expect(failing.next.value).toBe(null);
});

test("Another purpose is read anew, and what was shown of the one before goes", async () => {
  const { failing, purpose, asked } = built({ pole: [one("P")] });
  failing.look(true);
  failing.choose("pole");
  await rest();
  await failing.show("P");
  expect(failing.ground.value?.features).toEqual(["pole P"]);
  purpose.value = "plate";
  expect(failing.ground.value).toBe(null);
  await rest();
  expect(asked.at(-1)).toBe("plate pole 0");
});

test("A second press hides the ground, and so does closing", async () => {
  const { failing } = built({ camera: [one("7")] });
  failing.look(true);
  await rest();
  await failing.show("7");
  await failing.show("7");
  expect(failing.shown.value).toBe(null);
  await failing.show("7");
  failing.look(false);
  expect(failing.ground.value).toBe(null);
});
