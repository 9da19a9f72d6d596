import { expect, test } from "vitest";
import { codeOf, leftOut, readDocument } from "./outcome";

test("what an incident is opened with is not left out, the rest is counted", () => {
  const document = {
    eidoVersion: "1.0",
    incidentComponent: { incidentTypeInternalCode: "fire", dispositionComponent: [{}] },
    agencyComponent: [{}, {}],
    locationComponent: [{}, {}],
    notesComponent: [{}, {}, {}],
    personComponent: [{}],
  };
  expect(leftOut(document, 2)).toEqual([
    { part: "agencyComponent", count: 2 },
    { part: "locationComponent", count: 1 },
    { part: "notesComponent", count: 2 },
    { part: "dispositionComponent", count: 1 },
  ]);
  expect(codeOf(document)).toBe("fire");
});

test("a document that says nothing of a category or of other parts leaves nothing out", () => {
  expect(leftOut({ incidentComponent: {}, locationComponent: [{}], notesComponent: [{}] }, 0)).toEqual([]);
  expect(codeOf({})).toBeNull();
});

test("what is no JSON object is no document", () => {
  expect(readDocument('{"eidoVersion": "1.0"}')).toEqual({ eidoVersion: "1.0" });
  for (const text of ["{", "[]", "null", "7", ""]) expect(readDocument(text)).toBeNull();
});
