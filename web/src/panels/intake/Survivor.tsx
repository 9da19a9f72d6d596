/** What was chosen was merged away meanwhile: the incident that stands for it is joined by one press. */
import { useEffect, useRef } from "preact/hooks";
import type { Survivor as Standing } from "../../desk/survivor";
import { say } from "../../words/words";
import { useHouse } from "../house";

/** The offer; the keyboard is on it at once. */
export function Survivor({ survivor, join }: { survivor: Standing; join: (survivor: Standing) => void }) {
  const { desk } = useHouse();
  const button = useRef<HTMLButtonElement>(null);
  const busy = desk.busy.value;
  useEffect(() => {
    if (!busy) button.current?.focus(); // what was refused is done with only now
  }, [survivor.id, busy]);
  return (
    <p class="same line spread">
      {say("intake.merged", { gone: survivor.gone, number: survivor.number })}
      <button ref={button} type="button" class="primary" disabled={busy} onClick={() => join(survivor)}>
        {say("intake.join")} {survivor.number}
      </button>
    </p>
  );
}
