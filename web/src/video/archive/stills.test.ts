import { expect, test } from "vitest";
import { createParts } from "../parts";
import { createQueue } from "./stills";

const still = (at_ms: number) => ({ jpeg: new Uint8Array([at_ms]), live: true, hidden: false, at_ms });

test("each picture is shown once it is due, and what came too late for its moment is passed over", () => {
  const queue = createQueue();
  queue.add([still(10), still(20), still(30)]);
  expect([queue.due(5), queue.first()?.at_ms]).toEqual([null, 10]);
  expect(queue.due(25)?.at_ms).toBe(20);
  expect([queue.due(25), queue.ahead()]).toEqual([null, 1]);
  queue.empty();
  expect(queue.due(99)).toBeNull();
});

test("a picture of a recording tells its moment", () => {
  const head = "--qyran\r\nContent-Type: image/jpeg\r\nContent-Length: 1\r\nX-At: 2026-03-01T10:00:03.200000+00:00";
  const [found] = createParts()(new TextEncoder().encode(`${head}\r\n\r\nx\r\n`));
  expect(found?.at_ms).toBe(Date.parse("2026-03-01T10:00:03.200Z"));
});
