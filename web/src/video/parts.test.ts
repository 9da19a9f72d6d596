import { expect, test } from "vitest";
import { createParts } from "./parts";

const bytes = (text: string) => new TextEncoder().encode(text);
const part = (body: string, live = 1) =>
  `--qyran\r\nContent-Type: image/jpeg\r\nContent-Length: ${body.length}\r\nX-Live: ${live}\r\n\r\n${body}\r\n`;
const text = (jpeg: Uint8Array) => new TextDecoder().decode(jpeg);

test("pictures are found however the answer is cut", () => {
  const whole = bytes(part("one") + part("two", 0) + part("three"));
  for (const size of [1, 7, 60, 1000]) {
    const take = createParts();
    const found = [];
    for (let at = 0; at < whole.length; at += size) found.push(...take(whole.slice(at, at + size)));
    expect(found.map(({ jpeg, live }) => [text(jpeg), live])).toEqual([
      ["one", true],
      ["two", false],
      ["three", true],
    ]);
  }
});

test("a picture that is hidden whole says so", () => {
  const hidden = part("one").replace("X-Live: 1", "X-Live: 1\r\nX-Hidden: 1");
  expect(createParts()(bytes(hidden + part("two"))).map((one) => one.hidden)).toEqual([true, false]);
});

test("an answer that holds no pictures is refused", () => {
  expect(() => createParts()(bytes("x".repeat(600)))).toThrow();
  expect(() => createParts()(bytes("--qyran\r\nContent-Length: 99999999999\r\n\r\n"))).toThrow();
});
