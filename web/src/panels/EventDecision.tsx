/** The selected event at length, and the two things that can be done with it. */
import type { Likeness } from "../api/calls";
import type { Confirmation, QyranEvent } from "../api/types";
import { categoryOf } from "../desk/categories";
import { asProposed } from "../desk/operations";
import { distance, span } from "../words/formats";
import { say, sayOf, titleOf } from "../words/words";
import { EventClip } from "./archive/EventClip";
import { useHouse } from "./house";
import { Survivor } from "./intake/Survivor";
import { PlateHit } from "./PlateHit";
import { Key, Shot, useCategoryTitle, useKindTitle } from "./parts";

const REASONS = ["false", "duplicate", "no_action", "test"] as const;

function Facts({ event }: { event: QyranEvent }) {
  const { unplaced } = event.details as { unplaced?: string };
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
        {unplaced && ` · ${sayOf("event.unplaced", unplaced)}`}
      </span>
    </p>
  );
}

/** One of the open incidents that it may be about, with the reason. */
function Same({ one, checked, choose }: { one: Likeness; checked: boolean; choose: () => void }) {
  const category = useCategoryTitle();
  return (
    <label>
      <input type="radio" name="how" checked={checked} onChange={choose} />
      <span>
        {say("proposal.join_short", { number: one.incident.number })}
        <span class="dim">
          {" "}
          · {category(one.incident.category)} · {distance(one.distance_m)} · {span(one.minutes * 60)}
        </span>
        <span class="dim because">{titleOf(one.because)}</span>
      </span>
    </label>
  );
}

/** Of what category and how urgent the incident is that it opens; a priority is said only where it is chosen. */
function Opens({ event, how, set }: { event: QyranEvent; how: Confirmation; set: (next: Confirmation) => void }) {
  const { desk } = useHouse();
  const title = useCategoryTitle();
  const known = desk.document.value;
  const category = how.category ?? (known ? categoryOf(known, event) : "other");
  return (
    <div class="opens">
      <select
        aria-label={say("category")}
        value={category}
        onChange={(chosen) => set({ category: chosen.currentTarget.value })}
      >
        {Object.keys(known?.categories ?? {}).map((name) => (
          <option key={name} value={name}>
            {title(name)}
          </option>
        ))}
      </select>
      <select
        aria-label={say("priority")}
        value={String(how.priority ?? known?.categories[category]?.priority ?? 3)}
        onChange={(chosen) => set({ category, priority: Number(chosen.currentTarget.value) })}
      >
        {[1, 2, 3, 4].map((n) => (
          <option key={n} value={String(n)}>
            P{n}
          </option>
        ))}
      </select>
    </div>
  );
}

function Choice({ event, how }: { event: QyranEvent; how: Confirmation }) {
  const { desk } = useHouse();
  const set = (next: Confirmation) => (desk.draft.value = next);
  const opens = how.join === undefined;
  return (
    <fieldset class="choice">
      <legend>{say("proposal.choice")}</legend>
      {event.likenesses.map((one) => (
        <Same
          key={one.incident.id}
          one={one}
          checked={how.join === one.incident.id}
          choose={() => set({ join: one.incident.id })}
        />
      ))}
      <label>
        <input type="radio" name="how" checked={opens} onChange={() => set({})} />
        <span>{say("proposal.open_short")}</span>
      </label>
      {opens && <Opens event={event} how={how} set={set} />}
      {opens && event.proposal?.action === "open" && <p class="dim why">{titleOf(event.proposal.reason)}</p>}
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
      <EventClip event={event} />
      <Facts event={event} />
      {event.kind === "plate_hit" && <PlateHit key={event.id} event={event} />}
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
