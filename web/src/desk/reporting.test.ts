import { expect, test, vi } from "vitest";
import { Refused } from "../api/ask";
import type { AskedReport, Report } from "../api/reports";
import { createReporting } from "./reporting";

const ASKED: AskedReport = { format: "html", language: "ru", purpose: "situation", area_id: null };
const report = (outcome: "done" | null) => ({ job: { id: 7, outcome }, format: "html" }) as Report;
const turn = () => new Promise<void>((done) => setTimeout(done));

function desk(...answers: Report[][]) {
  const client = {
    reports: vi.fn(async () => ({ reports: (answers.length > 1 ? answers.shift() : answers[0]) ?? [] })),
    askReport: vi.fn(async () => report(null)),
    cancelJob: vi.fn(async () => undefined),
  };
  return { client, reporting: createReporting(client, turn) };
}

test("a report that was asked for is followed until it is made", async () => {
  const { client, reporting } = desk([], [report(null)], [report(null)], [report("done")]);
  await reporting.look();
  await reporting.make(ASKED);
  expect(client.askReport).toHaveBeenCalledWith(ASKED);
  await vi.waitFor(() => expect(reporting.running.value).toBe(false));
  expect(reporting.reports.value.map((one) => one.job.outcome)).toEqual(["done"]);
});

test("one under way is found again by whoever opens the sheet, and nobody asks on once it is left", async () => {
  const { client, reporting } = desk([report(null)]);
  await reporting.look();
  expect(reporting.running.value).toBe(true);
  reporting.leave();
  await turn();
  await turn();
  const asked = client.reports.mock.calls.length;
  await turn();
  await turn();
  expect(client.reports.mock.calls.length).toBe(asked);
});

test("why a report is refused is told, and forgotten with the next answer", async () => {
  const { client, reporting } = desk([]);
  const title = { kk: "к", ru: "много", en: "many" };
  client.askReport.mockRejectedValueOnce(new Refused(429, "too_many_reports", title));
  await reporting.make(ASKED);
  expect(Object.values(title)).toContain(reporting.wrong.value);
  await reporting.make(ASKED);
  expect(reporting.wrong.value).toBe("");
});
