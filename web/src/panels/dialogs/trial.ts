/** One try of a form: it is busy, it went well, or a sentence says why it did not. */
import { useSignal } from "@preact/signals";
import { NoPasskey } from "../../access/passkey";
import { Refused } from "../../api/ask";
import { gaveUp } from "../../api/insist";
import { say, titleOf } from "../../words/words";

/** What to show for an error. */
export function sentenceOf(error: unknown): string {
  if (error instanceof NoPasskey) return say("factor.passkey_failed");
  if (!(error instanceof Refused)) return say("said.failed");
  return titleOf(error.title) || (error.status === 0 ? say("signin.offline") : `${say("said.failed")}: ${error.code}`);
}

export type Trial = ReturnType<typeof useTrial>;

/** Try things one at a time; `wrong` is the sentence of the last failure. */
export function useTrial() {
  const [busy, wrong] = [useSignal(false), useSignal("")];
  async function attempt<T>(work: () => Promise<T>): Promise<{ done: T } | null> {
    if (busy.value) return null;
    busy.value = true;
    wrong.value = "";
    try {
      return { done: await work() };
    } catch (error) {
      if (!gaveUp(error)) wrong.value = sentenceOf(error);
      return null;
    } finally {
      busy.value = false;
    }
  }
  return { busy, wrong, attempt };
}

/** The fields of a form that was submitted, by name. */
export function fieldsOf(submitted: SubmitEvent): Record<string, string> {
  submitted.preventDefault();
  const fields = new FormData(submitted.target as HTMLFormElement);
  return Object.fromEntries([...fields].map(([name, value]) => [name, String(value)]));
}
