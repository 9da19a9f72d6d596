import { expect, test } from "vitest";
import { createRest } from "./rest";

const cut = () => Promise.reject(new TypeError("cut"));

async function rested(seconds: number) {
  let now = 0;
  const rest = createRest(
    () => now,
    async (ms) => {
      now += ms;
    },
  );
  await rest.while(() => now < seconds * 1000);
  return rest;
}

test("what was cut while nobody read it is fetched again, not told as lost", async () => {
  const rest = await rested(150);
  expect(await rest.read(async () => "held in the browser")).toBe("held in the browser");
  expect(await rest.read(cut)).toBeNull();
});

test("what was cut while it was read is lost", async () => {
  await expect((await rested(1)).read(cut)).rejects.toThrow("cut");
});
