import { expect, test } from "vitest";
import { addressOf, readWay, shownPage, way } from "./way";

test("an address names its page and part, and is read back", () => {
  expect(readWay(addressOf("administration", "sources"))).toEqual({ page: "administration", part: "sources" });
  expect(readWay(addressOf("calibration", "12"))).toEqual({ page: "calibration", part: "12" });
  expect(readWay(addressOf("audit"))).toEqual({ page: "audit", part: "" });
});

test("whatever else the address says is the desk", () => {
  for (const strange of ["", "#", "#queue", "#/", "#/nothing", "#/audit/../x", "#/<script>"])
    expect(readWay(strange)).toEqual({ page: "desk", part: "" });
});

test("a page that the role does not have is the desk, whatever the address says", () => {
  way.value = readWay("#/audit");
  expect(shownPage((operation) => operation === "audit.search")).toBe("audit");
  expect(shownPage((operation) => operation === "events.decide")).toBe("desk");
});
