import { expect, test } from "vitest";
import { Refused } from "../api/ask";
import type { Health } from "../api/types";
import { createHealth } from "./health";

const health = (...parts: Health["parts"]): Health => ({ status: "degraded", time: "2026-11-21T12:00:00Z", parts });

test("only what does not do well is a trouble", async () => {
  const told = health(
    { name: "store", state: "ok", detail: "answers" },
    { name: "audit", state: "down", detail: "nothing sealed for 90 s" },
  );
  const watch = createHealth({ health: async () => told });
  await watch.refresh();
  expect(watch.troubles.value.map((part) => part.name)).toEqual(["audit"]);
});

test("a server that does not answer leaves what was told last", async () => {
  const watch = createHealth({ health: async () => Promise.reject(new Refused(0, "no_answer", null)) });
  await watch.refresh();
  expect(watch.troubles.value).toEqual([]);
});
