/** Says once, where everybody sees it, that the cover of a service has fallen below its target. */
import { say } from "../../words/words";
import { useHouse } from "../house";
import { useServiceTitle } from "../parts";

/** The mark on the button: how many services fall short; a reader hears which. */
export function CoverAlert() {
  const { covering } = useHouse();
  const title = useServiceTitle();
  const short = covering.short.value.map((one) => title(one.cover.service));
  return (
    <>
      {short.length > 0 && (
        <b class="short" aria-hidden="true">
          ▼ {short.length}
        </b>
      )}
      <span class="unseen" role="status">
        {short.length > 0 && say("cover.falls_short", { services: short.join(", ") })}
      </span>
    </>
  );
}
