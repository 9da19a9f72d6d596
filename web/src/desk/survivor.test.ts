import { expect, test } from "vitest";
import { Refused } from "../api/ask";
import { survivorOf } from "./survivor";

const merged = (details: Record<string, unknown>) => new Refused(409, "incident_merged", null, details);

test("a refusal of what was merged away names who stands for it", () => {
  const refused = merged({ id: 1, number: "26-000001", into: "26-000002", into_id: 2 });
  expect(survivorOf(refused)).toEqual({ id: 2, number: "26-000002", gone: "26-000001" });
});

test("where that one is out of sight, or the refusal is another, nobody is offered", () => {
  expect(survivorOf(merged({ id: 1, number: "26-000001" }))).toBeNull();
  expect(survivorOf(new Refused(409, "incident_closed", null, { into_id: 2, into: "x" }))).toBeNull();
  expect(survivorOf(new Error("no"))).toBeNull();
});
