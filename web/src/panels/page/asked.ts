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
