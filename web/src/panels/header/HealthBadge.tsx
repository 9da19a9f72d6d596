/** Says that a part of the house does not do well, to everybody: who relies on it must know. */
import { Fragment } from "preact";
import { say, sayOf } from "../../words/words";
import { useHouse } from "../house";

/** Nothing while all is well. */
export function HealthBadge() {
  const troubles = useHouse().health.troubles.value;
  const down = troubles.some((part) => part.state === "down");
  const names = troubles.map((part) => sayOf("health.part", part.name)).join(", ");
  return (
    <>
      <span class="unseen" aria-live="polite">
        {troubles.length > 0 && `${say("health.degraded")}: ${names}`}
      </span>
      {troubles.length > 0 && (
        <button type="button" class={`health ${down ? "down" : ""}`} popovertarget="health-sheet" title={names}>
          <span aria-hidden="true">▲</span> <b>{say("health.degraded")}</b>
          <span class="unseen">{names}</span>
        </button>
      )}
      <div id="health-sheet" class="menu" popover="auto" role="dialog" aria-label={say("health.degraded")}>
        <dl class="facts">
          {troubles.map((part) => (
            <Fragment key={part.name}>
              <dt>{sayOf("health.part", part.name)}</dt>
              <dd>
                <span class={part.state === "down" ? "bad" : "stale"}>{sayOf("health.state", part.state)}</span>{" "}
                <span class="dim">{part.detail}</span>
              </dd>
            </Fragment>
          ))}
        </dl>
      </div>
    </>
  );
}
