import { expect, test } from "vitest";
import { createDemands, purposeHeader } from "./demands";

const settled = () => new Promise((resolve) => setTimeout(resolve));

test("a purpose is written as the header wants it, its letters encoded", () => {
  expect(purposeHeader({ incident: 12 })).toBe("incident:12");
  expect(purposeHeader({ reason: " Өрт: 1 қабат " })).toBe(
    "reason:%D3%A8%D1%80%D1%82%3A%201%20%D2%9B%D0%B0%D0%B1%D0%B0%D1%82",
  );
});

test("several questions that need a proof at once are proven by one dialog", async () => {
  const demands = createDemands();
  const both = Promise.all([demands.stepUp(["totp"]), demands.stepUp(["totp"])]);
  await settled();
  const shown = demands.open.value;
  if (shown?.kind !== "step_up") throw new Error("no dialog");
  shown.answer(true);
  expect(await both).toEqual([true, true]);
  expect(demands.open.value).toBeNull();
});

test("a second demand waits until the first is answered", async () => {
  const demands = createDemands();
  const proven = demands.stepUp(["password"]);
  const said = demands.purpose(undefined);
  await settled();
  expect(demands.open.value?.kind).toBe("step_up");
  if (demands.open.value?.kind === "step_up") demands.open.value.answer(false);
  expect(await proven).toBe(false);
  await settled();
  expect(demands.open.value?.kind).toBe("purpose");
  if (demands.open.value?.kind === "purpose") demands.open.value.answer("incident:1");
  expect(await said).toBe("incident:1");
});

test("a purpose serves again for the same card, and no longer once that is closed", async () => {
  const demands = createDemands();
  const first = demands.purpose("incident:4");
  await settled();
  if (demands.open.value?.kind === "purpose") demands.open.value.answer("incident:4");
  await first;
  expect(await demands.purpose("incident:4")).toBe("incident:4");
  demands.forget();
  void demands.purpose("incident:4");
  await settled();
  expect(demands.open.value?.kind).toBe("purpose");
});

test("a session that ends closes the dialog as if the person had given up", async () => {
  const demands = createDemands();
  const proven = demands.stepUp(["totp"]);
  await settled();
  demands.giveUp();
  expect(await proven).toBe(false);
});
