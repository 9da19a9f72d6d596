/** A list that a page asks for: what came, why it did not, and how to ask again. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { sentenceOf } from "../dialogs/trial";

/** Ask at once, and again when one of `by` changes; a late answer to an older question is thrown away. */
export function useAsked<T>(ask: () => Promise<T>, by: readonly unknown[] = []) {
  const value = useSignal<T | null>(null);
  const wrong = useSignal("");
  const turn = useSignal(0);
  async function again(): Promise<void> {
    const own = ++turn.value;
    try {
      const answer = await ask();
      if (own !== turn.peek()) return;
      value.value = answer;
      wrong.value = "";
    } catch (error) {
      if (own === turn.peek()) wrong.value = sentenceOf(error);
    }
  }
  useEffect(() => void again(), by);
  return { value, wrong, again };
}

/** An answer, with all that it was an answer to. */
export type Told<T> = { by: readonly unknown[]; answer: T };

/** The answer where it is one to this very question (pure); what answers another is none. */
export function answerTo<T>(told: Told<T> | null, by: readonly unknown[]): T | null {
  const same = told?.by.length === by.length && told.by.every((one, i) => one === by[i]);
  return told && same ? told.answer : null;
}

/** As `useAsked`; while another question is open, and where it went wrong, no older answer stands. */
export function useAnswer<T>(ask: () => Promise<T>, by: readonly unknown[]) {
  const asked = useAsked(async (): Promise<Told<T>> => ({ by, answer: await ask() }), by);
  return { found: answerTo(asked.value.value, by), wrong: asked.wrong };
}
