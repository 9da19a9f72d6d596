/** The selected event at length, and the two things that can be done with it. */
import type { Confirmation, QyranEvent } from "../api/types";
import { asProposed } from "../desk/operations";
import { distance, span } from "../words/formats";
import { say, sayOf, titleOf } from "../words/words";
import { useHouse } from "./house";
import { Survivor } from "./intake/Survivor";
import { Key, Shot, useCategoryTitle, useKindTitle } from "./parts";

const REASONS = ["false", "duplicate", "no_action", "test"] as const;

function Facts({ event }: { event: QyranEvent }) {
  const radius = event.ellipse ? say("event.ellipse", { m: Math.round(event.ellipse.major_m) }) : "";
  return (
    <p class="facts">
      <span class="certainty" title={say("event.certainty", { percent: Math.round(event.certainty * 100) })}>
        <meter
          min={0}
          max={1}
          value={event.certainty}
          aria-label={say("event.certainty", { percent: Math.round(event.certainty * 100) })}
        />
        {Math.round(event.certainty * 100)} %
      </span>
      <span class="dim">
        {sayOf("event.placed_by", event.placed_by)} {radius}
      </span>
    </p>
  );
}

function Choice({ event, how }: { event: QyranEvent; how: Confirmation }) {
  const { desk } = useHouse();
  const category = useCategoryTitle();
  const proposal = event.proposal;
  const fallback = Object.keys(desk.document.value?.categories ?? {})[0] ?? "other";
  const opens = {
    category:
      how.category ??
      (proposal?.action === "open"
        ? proposal.category
        : (desk.document.value?.kinds[event.kind]?.category ?? fallback)),
    priority: how.priority ?? (proposal?.action === "open" ? proposal.priority : 3),
  };
  const set = (next: Confirmation) => (desk.draft.value = next);
  return (
    <fieldset class="choice">
      <legend>{say("proposal.choice")}</legend>
      {proposal?.action === "join" && (
        <label>
          <input
            type="radio"
            name="how"
            checked={how.join !== undefined}
            onChange={() => set({ join: proposal.incident.id })}
          />
          <span>
            {say("proposal.join_short", { number: proposal.incident.number })}
            <span class="dim">
              {" "}
              · {category(proposal.incident.category)} · {distance(proposal.distance_m)} · {span(proposal.age_s)}
            </span>
          </span>
        </label>
      )}
      <label>
        <input type="radio" name="how" checked={how.join === undefined} onChange={() => set(opens)} />
        <span>{say("proposal.open_short")}</span>
      </label>
      {how.join === undefined && (
        <div class="opens">
          <select
            aria-label={say("category")}
            value={opens.category}
            onChange={(e) =>
              set({
                ...opens,
                category: e.currentTarget.value,
                priority: desk.document.value?.categories[e.currentTarget.value]?.priority ?? opens.priority,
              })
            }
          >
            {Object.keys(desk.document.value?.categories ?? {}).map((name) => (
              <option key={name} value={name}>
                {category(name)}
              </option>
            ))}
          </select>
          <select
            aria-label={say("priority")}
            value={String(opens.priority)}
            onChange={(e) => set({ ...opens, priority: Number(e.currentTarget.value) })}
          >
            {[1, 2, 3, 4].map((n) => (
              <option key={n} value={String(n)}>
                P{n}
              </option>
            ))}
          </select>
        </div>
      )}
      {proposal && (how.join === undefined) === (proposal.action === "open") && (
        <p class="dim why">{titleOf(proposal.reason)}</p>
      )}
    </fieldset>
  );
}

function Rejection({ event }: { event: QyranEvent }) {
  const { desk, operations } = useHouse();
  function other(submitted: SubmitEvent): void {
    submitted.preventDefault();
    const reason = String(new FormData(submitted.target as HTMLFormElement).get("reason")).trim();
    if (reason) void operations.reject(event, reason);
  }
  return (
    <form class="rejection" onSubmit={other} aria-label={say("reject.why")}>
      <b>{say("reject.why")}</b>
      <div class="reasons">
        {REASONS.map((reason, i) => (
          <button
            type="button"
            key={reason}
            ref={(button) => {
              if (i === 0 && button && !button.form?.contains(document.activeElement)) button.focus();
            }}
            onClick={() => void operations.reject(event, say(`reject.reason.${reason}`))}
          >
            {say(`reject.reason.${reason}`)}
          </button>
        ))}
      </div>
      <div class="line">
        <input name="reason" aria-label={say("reject.other")} placeholder={say("reject.other")} maxLength={300} />
        <button type="submit">{say("reject.submit")}</button>
      </div>
      <button type="button" class="quiet" onClick={() => (desk.rejecting.value = false)}>
        {say("cancel")}
      </button>
    </form>
  );
}

/** The decision. */
export function EventDecision({ event }: { event: QyranEvent }) {
  const { desk, operations } = useHouse();
  const kind = useKindTitle();
  const may = desk.may("events.decide");
  const how = desk.draft.value ?? asProposed(event);
  const survivor = operations.survivor.value;
  return (
    <div class="decision">
      {event.picture && <Shot picture={event.picture} label={say("event.picture", { kind: kind(event.kind) })} />}
      <Facts event={event} />
      {may &&
        (desk.rejecting.value ? (
          <Rejection event={event} />
        ) : (
          <>
            {survivor?.event_id === event.id && (
              <Survivor survivor={survivor} join={(one) => void operations.confirm(event, { join: one.id })} />
            )}
            <Choice event={event} how={how} />
            <div class="buttons">
              <button
                type="button"
                class="primary"
                disabled={desk.busy.value}
                onClick={() => void operations.confirm(event)}
              >
                {say("confirm")} <Key name="C" />
              </button>
              <button type="button" disabled={desk.busy.value} onClick={() => (desk.rejecting.value = true)}>
                {say("reject")} <Key name="R" />
              </button>
            </div>
          </>
        ))}
    </div>
  );
}
