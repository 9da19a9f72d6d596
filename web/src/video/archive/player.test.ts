import { expect, test } from "vitest";
import { headOf, offsetOf } from "./player";

const told = (more: Record<string, string> = {}) =>
  new Headers({
    "x-begins-at": "2026-03-01T10:00:03.000Z",
    "x-ends-at": "2026-03-01T10:05:00.000Z",
    "x-codec": "avc1.640028",
    "x-media-s": "120.5",
    "x-next": "",
    ...more,
  });

test("the head says when a stretch is, and where the next one begins", () => {
  const head = headOf(told());
  expect(head?.next_ms).toBeNull();
  expect(headOf(told({ "x-next": "2026-03-01T10:05:00.000Z" }))?.next_ms).toBe(head?.ends_ms);
  expect(headOf(new Headers())?.begins_ms).toBeUndefined();
});

test("a stretch's own times are laid onto the page's time line", () => {
  const head = headOf(told());
  expect(head && offsetOf(head, Date.parse("2026-03-01T10:00:00.000Z"))).toBe(-117.5);
});
