/** The right side: the map that places are clicked on, with a cross in its middle for the keyboard. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { say } from "../../words/words";
import { useHouse } from "../house";
import { createCalibrationMap } from "./map";
import type { Work } from "./work";

export function MapSide({ work }: { work: Work }) {
  const { desk } = useHouse();
  const element = useRef<HTMLDivElement>(null);
  const failed = useSignal(false);
  const document = desk.document.value;
  useEffect(() => {
    if (!element.current || !document) return;
    const made = createCalibrationMap(element.current, document, work);
    made.catch(() => (failed.value = true));
    return () =>
      void made.then(
        (stop) => stop(),
        () => undefined,
      );
  }, [document?.layers, work]);
  return (
    <div class="side map">
      <div class="canvas" ref={element} />
      <span class="middle" aria-hidden="true">
        +
      </span>
      {failed.value && (
        <p class="failed" role="alert">
          {say("map.failed")}
        </p>
      )}
    </div>
  );
}
