/** A button that copies a text and says so. */
import { useSignal } from "@preact/signals";
import { say } from "../words/words";

/** Nothing where the browser has no clipboard, as over plain HTTP from another machine: the text can be selected. */
export function Copy({ text, what }: { text: string; what: string }) {
  const copied = useSignal(false);
  if (!navigator.clipboard) return null;
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => (copied.value = true),
      () => (copied.value = false),
    );
  return (
    <button type="button" aria-label={`${say("copy")}: ${what}`} onClick={copy}>
      <span aria-live="polite">{copied.value ? say("copied") : say("copy")}</span>
    </button>
  );
}
