/** What the server demands before it answers: one dialog at a time, and a purpose that serves until its card closes. */
import { signal } from "@preact/signals";
import type { Demands, Means } from "../api/insist";

export type Demand =
  | { kind: "step_up"; means: Means[]; answer: (proven: boolean) => void }
  | { kind: "purpose"; answer: (purpose: string | null) => void };
export type Purpose = { incident: number } | { reason: string };
export type DemandsDesk = ReturnType<typeof createDemands>;

/** A purpose as the header carries it. */
export function purposeHeader(purpose: Purpose): string {
  if ("incident" in purpose) return `incident:${purpose.incident}`;
  return `reason:${encodeURIComponent(purpose.reason.trim())}`;
}

/** Build the demands; `open` is what the dialog shows. */
export function createDemands() {
  const open = signal<Demand | null>(null);
  const given = new Map<string, string>();
  let proving: Promise<boolean> | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  /** Show a demand when those before it are answered. */
  function show<T>(demand: (answer: (answered: T) => void) => Demand): Promise<T> {
    const shown = turn.then(
      () =>
        new Promise<T>((resolve) => {
          open.value = demand((answered) => {
            open.value = null;
            resolve(answered);
          });
        }),
    );
    turn = shown;
    return shown;
  }

  /** Several questions refused at once are proven by one dialog. */
  function stepUp(means: Means[]): Promise<boolean> {
    proving ??= show<boolean>((answer) => ({ kind: "step_up", means, answer })).finally(() => (proving = null));
    return proving;
  }

  async function purpose(about: string | undefined): Promise<string | null> {
    const known = about && given.get(about);
    if (known) return known;
    const said = await show<string | null>((answer) => ({ kind: "purpose", answer }));
    if (said !== null && about) given.set(about, said);
    return said;
  }

  const asker: Demands = { stepUp, purpose };
  return {
    ...asker,
    open,
    /** The card is closed: what was said for it counts no longer. */
    forget(): void {
      given.clear();
    },
    /** Nobody is there to answer: the session ended. */
    giveUp(): void {
      given.clear();
      if (open.value?.kind === "step_up") open.value.answer(false);
      else open.value?.answer(null);
    },
  };
}
