/** A button that must not be pressed by a pocket: held for a while, or pressed twice by the keyboard. */
import { signal } from "@preact/signals";

export const HELD_MS = 1000;
export const TWICE_WITHIN_MS = 3000;

/** Build it; `holding` draws the progress, `armed` says that one press more does it. */
export function createHold(raise: () => void) {
  const [holding, armed] = [signal(false), signal(false)];
  let [held, again]: (ReturnType<typeof setTimeout> | undefined)[] = [];
  function release(): void {
    clearTimeout(held);
    holding.value = false;
  }
  function disarm(): void {
    clearTimeout(again);
    armed.value = false;
  }
  function done(): void {
    release();
    disarm();
    raise();
  }
  return {
    holding,
    armed,
    release,
    /** The finger is down. */
    press(): void {
      release();
      holding.value = true;
      held = setTimeout(done, HELD_MS);
    },
    /** Pressed by a key or by a reader's click, which cannot be held. */
    tap(): void {
      if (armed.value) {
        done();
        return;
      }
      armed.value = true;
      again = setTimeout(disarm, TWICE_WITHIN_MS);
    },
  };
}
