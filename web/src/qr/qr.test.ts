import { expect, test } from "vitest";
import { encode } from "./blocks";
import { qrCode } from "./matrix";

test("a text is written in byte mode, ended, and padded; its check bytes come after it", () => {
  const encoded = encode("hello");
  expect(encoded?.version).toBe(1);
  expect(encoded?.bytes.slice(0, 19)).toEqual([
    0x40, 0x56, 0x86, 0x56, 0xc6, 0xc6, 0xf0, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11,
  ]);
  expect(encoded?.bytes).toHaveLength(26);
});

test("a longer text takes a larger code, until none holds it", () => {
  expect(qrCode("a".repeat(17))?.length).toBe(21);
  expect(qrCode("a".repeat(18))?.length).toBe(25);
  expect(qrCode("a".repeat(425))?.length).toBe(69);
  expect(qrCode("a".repeat(426))).toBeNull();
});

test("the three corners carry their squares", () => {
  const code = qrCode("otpauth://totp/Qyran") as boolean[][];
  const line = code[0]?.map((dark) => (dark ? "#" : ".")).join("") ?? "";
  expect(line.startsWith("#######.")).toBe(true);
  expect(line.endsWith(".#######")).toBe(true);
  expect(code.at(-1)?.slice(0, 8)).toEqual([true, true, true, true, true, true, true, false]);
});
