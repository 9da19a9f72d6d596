/** Coverage: for which purpose it is looked at, its shares and gaps, and the reckoning that runs. */
import { computed, effect, signal, untracked } from "@preact/signals";
import { Refused } from "../api/ask";
import type { Client } from "../api/client";
import type { Coverage, Gap, Job } from "../api/coverage";
import { say, titleOf } from "../words/words";
import type { Desk } from "./desk";
import { ALL, type Weighing } from "./hours";

const KEPT = "qyran.purpose";
const FIRST = "situation";
const LOOKS_MS = 1000;
const LAYERS = ["coverage", "gaps"];

/** Build it on a client and the desk. */
export function createSurveying(client: Client, desk: Desk, wait: (ms: number) => Promise<void> = rest) {
  const purpose = signal(globalThis.localStorage?.getItem(KEPT) || FIRST);
  const coverage = signal<Coverage | null>(null);
  const gaps = signal<readonly Gap[]>([]);
  const next = signal<number | null>(null);
  const weighing = signal<Weighing>(ALL); // which incidents the gaps are ranked by
  const job = signal<Job | null>(null); // the newest that runs, or that ended while somebody looked
  const within = signal<number | null>(null); // the area whose gaps are listed; none: all of them
  const wrong = signal("");
  const open = signal(false);
  const running = computed(() => job.value !== null && job.value.outcome === null);

  let turn = 0; // what was asked before it is of another purpose, or of an area that was left
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
    turn += 1;
    const own = turn;
    const [found, first] = await Promise.all([
      ask(client.coverage(purpose.peek())),
      ask(client.gaps(purpose.peek(), 0, weighing.peek(), within.peek())),
    ]);
    if (own !== turn || !found || !first) return;
    coverage.value = found;
    gaps.value = first.gaps;
    next.value = first.next;
  }
  async function more(): Promise<void> {
    const [own, past] = [turn, next.peek()];
    if (past === null) return;
    const found = await ask(client.gaps(purpose.peek(), past, weighing.peek(), within.peek()));
    if (own !== turn || !found) return;
    gaps.value = [...gaps.peek(), ...found.gaps];
    next.value = found.next;
  }

  /** Look how far the job is until it ends or nobody looks any more; it runs on by itself. */
  async function follow(found: Job): Promise<void> {
    if (job.peek()?.id === found.id && running.peek()) return;
    job.value = found;
    while (running.peek() && open.peek()) {
      await wait(LOOKS_MS);
      const now = await ask(client.job(found.id));
      if (job.peek()?.id !== found.id) return;
      if (now) job.value = now;
    }
    if (!running.peek()) await read();
    else job.value = null;
  }
  async function reckon(): Promise<void> {
    const found = await ask(client.reckonCoverage());
    if (found) void follow(found);
  }
  async function cancel(): Promise<void> {
    const one = job.peek();
    if (one && (await ask(client.cancelJob(one.id).then(() => true)))) job.value = await ask(client.job(one.id));
  }
  /** Somebody opened the sheet, after a reload too: what runs is found again. */
  async function look(): Promise<void> {
    open.value = true;
    await read();
    const found = await ask(client.jobs());
    const one = found?.jobs.find((each) => each.kind === "coverage" && each.outcome === null);
    if (one) void follow(one);
  }
  function leave(): void {
    open.value = false;
  }
  function choose(name: string): void {
    purpose.value = name;
    globalThis.localStorage?.setItem(KEPT, name);
    void read();
  }
  /** Know the purposes, also where nobody has opened the sheet. */
  async function learn(): Promise<void> {
    if (!coverage.peek() && desk.may("coverage.read")) await read();
  }
  function narrow(area: number | null): void {
    within.value = area;
    void read();
  }
  const purposes = computed(() => coverage.value?.purposes ?? []);
  function weigh(chosen: Weighing): void {
    weighing.value = chosen;
    void read();
  }
  const layers = computed(() => desk.document.value?.layers); // another area, another account: another map
  effect(() => {
    void layers.value;
    untracked(() => {
      turn += 1;
      coverage.value = null;
      gaps.value = [];
      next.value = null;
      job.value = null;
      within.value = null;
      if (open.peek()) void look();
    });
  });
  const stirred = computed(() => LAYERS.reduce((sum, name) => sum + (desk.tile_versions.value[name] ?? 0), 0));
  effect(() => {
    if (stirred.value > 0 && open.peek() && !running.peek()) void untracked(read);
  });
  return {
    ...{ purpose, purposes, coverage, gaps, next, weighing, within, job, running, wrong },
    ...{ look, learn, leave, choose, weigh, narrow, more, reckon, cancel },
  };
}

const rest = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
