import { expect, test } from "vitest";
import type { Call } from "../../api/calls";
import { sought } from "./AddressField";

const call = (part: Partial<Call>) => ({ place: null, address: null, ...part }) as Call;

test("an address that was told is sought while nobody has placed the call", () => {
  expect(sought(call({ address: "Абай даңғылы 10А" }))).toBe("Абай даңғылы 10А");
  expect(sought(call({ address: "Абай даңғылы 10А", place: { lon: 76.9, lat: 43.2 } }))).toBeNull();
  expect(sought(call({ address: "" }))).toBeNull();
});
