/** Reports of coverage: those there are, one asked for, one called off; what is under way is followed while looked at. */
import { computed, signal } from "@preact/signals";
import { Refused } from "../api/ask";
import type { Client } from "../api/client";
import type { AskedReport, Report } from "../api/reports";
import { say, titleOf } from "../words/words";

const LOOKS_MS = 1000;

/** Build it on a client. */
export function createReporting(client: Pick<Client, "reports" | "askReport" | "cancelJob">, wait = rest) {
  const reports = signal<readonly Report[]>([]);
  const wrong = signal("");
  const open = signal(false);
  const running = computed(() => reports.value.some((one) => one.job.outcome === null));
  let following = false;

  async function ask<T>(question: Promise<T>): Promise<T | null> {
    try {
      const answer = await question;
      wrong.value = "";
      return answer;
    } catch (error) {
      wrong.value = (error instanceof Refused && titleOf(error.title)) || say("said.failed");
      return null;
    }
  }
  async function read(): Promise<void> {
    const found = await ask(client.reports());
    if (found) reports.value = found.reports;
  }
  /** Look how far they are until all have ended or nobody looks any more. */
  async function follow(): Promise<void> {
    if (following) return;
    following = true;
    while (running.peek() && open.peek()) {
      await wait(LOOKS_MS);
      await read();
    }
    following = false;
  }
  async function look(): Promise<void> {
    open.value = true;
    await read();
    void follow();
  }
  function leave(): void {
    open.value = false;
  }
  async function make(asked: AskedReport): Promise<void> {
    if (!(await ask(client.askReport(asked)))) return;
    await read();
    void follow();
  }
  async function cancel(report: Report): Promise<void> {
    if (await ask(client.cancelJob(report.job.id).then(() => true))) await read();
  }
  return { reports, wrong, running, look, leave, make, cancel };
}

const rest = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
