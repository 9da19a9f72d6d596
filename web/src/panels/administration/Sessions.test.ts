import { expect, test } from "vitest";
import { agentOf } from "./Sessions";

test("a session is told by its browser and system", () => {
  expect(
    agentOf("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"),
  ).toBe("Chrome 156, Linux");
  expect(agentOf("something of their own/1.0")).toBe("something of their own/1.0");
  expect(agentOf(null)).toBe("—");
});
