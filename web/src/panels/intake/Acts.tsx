/** The foot of the form: answer, open an incident, or end the call. */
import type { CallAtLength } from "../../api/calls";
import { openingOf, waits } from "../../desk/calls";
import { say } from "../../words/words";
import { useHouse } from "../house";
import { Key } from "../parts";

/** What comes next, always in sight. */
export function Acts({ call, end, hand }: { call: CallAtLength; end: () => void; hand: () => void }) {
  const { desk, intake } = useHouse();
  const opening = openingOf(call);
  const busy = desk.busy.value;
  if (!call.ours) return null; // those who have it now act on it
  const hands = desk.may("calls.hand") && call.outcome === null && (
    <button type="button" onClick={hand}>
      {say("intake.hand")}
    </button>
  );
  if (call.incident_id !== null) {
    const incident_id = call.incident_id;
    return (
      <footer class="acts">
        <button type="button" class="primary" onClick={() => desk.openIncident(incident_id)}>
          {say("intake.show_incident")}
        </button>
        {call.state !== "ended" && (
          <button type="button" disabled={busy} onClick={() => void intake.end(call.outcome ?? "new_incident")}>
            {say("intake.end_submit")}
          </button>
        )}
      </footer>
    );
  }
  if (waits(call))
    return (
      <footer class="acts">
        <button type="button" class="primary" disabled={busy} onClick={() => void intake.answer(call.id)}>
          {say("intake.answer")} <Key name="A" />
        </button>
        {hands}
      </footer>
    );
  const lacks = opening ? "" : say(call.category ? "intake.lacks_place" : "intake.lacks_category");
  return (
    <footer class="acts">
      <button
        type="button"
        class="primary"
        disabled={busy || !opening}
        aria-keyshortcuts="Control+Enter"
        aria-describedby="intake-lacks"
        onClick={() => void intake.openIncident()}
      >
        {say("intake.open")} <Key name="Ctrl ↵" />
      </button>
      <button type="button" onClick={end}>
        {say("intake.end")}
      </button>
      {hands}
      <span class="dim" id="intake-lacks">
        {lacks}
      </span>
    </footer>
  );
}
