/** Why does somebody look: an open incident, or a reason in words. It is written down beside who looked. */
import { useSignal } from "@preact/signals";
import { type Purpose, purposeHeader } from "../../access/demands";
import { say } from "../../words/words";
import { useHouse } from "../house";
import { useCategoryTitle } from "../parts";
import { Buttons, Dialog } from "./Dialog";
import { fieldsOf } from "./trial";

const [SHORTEST, LONGEST] = [5, 300]; // letters, as the server wants them

/** The open incidents, the one on the card first. */
function useIncidents() {
  const { desk } = useHouse();
  const open = desk.open_incidents.value;
  const own = desk.opened.value;
  return own ? [own, ...open.filter((incident) => incident.id !== own.id)] : open;
}

/** The dialog; `answer` is told the purpose as its header, or null. */
export function AskPurpose({ answer }: { answer: (purpose: string | null) => void }) {
  const incidents = useIncidents();
  const category = useCategoryTitle();
  const kind = useSignal<"incident" | "reason">(incidents.length > 0 ? "incident" : "reason");
  const cancel = () => answer(null);
  function submit(submitted: SubmitEvent): void {
    const { incident, reason = "" } = fieldsOf(submitted);
    const purpose: Purpose = kind.value === "incident" ? { incident: Number(incident) } : { reason };
    answer(purposeHeader(purpose));
  }
  return (
    <Dialog title={say("purpose.title")} close={cancel}>
      <form onSubmit={submit}>
        <p class="dim">{say("purpose.why")}</p>
        <fieldset class="options">
          <legend class="unseen">{say("purpose.title")}</legend>
          {incidents.length > 0 && (
            <label>
              <input
                type="radio"
                name="kind"
                checked={kind.value === "incident"}
                onChange={() => (kind.value = "incident")}
              />
              {say("purpose.incident")}
            </label>
          )}
          {incidents.length > 0 && kind.value === "incident" && (
            <select name="incident" aria-label={say("purpose.incident")}>
              {incidents.map((incident) => (
                <option key={incident.id} value={incident.id}>
                  {incident.number} · {category(incident.category)}
                  {incident.address ? ` · ${incident.address}` : ""}
                </option>
              ))}
            </select>
          )}
          <label>
            <input
              type="radio"
              name="kind"
              checked={kind.value === "reason"}
              onChange={() => (kind.value = "reason")}
            />
            {say("purpose.reason")}
          </label>
          {kind.value === "reason" && (
            <textarea
              name="reason"
              aria-label={say("purpose.reason")}
              minLength={SHORTEST}
              maxLength={LONGEST}
              rows={3}
              required
            />
          )}
        </fieldset>
        <Buttons busy={false} submit={say("purpose.submit")} cancel={cancel} first={kind.value === "incident"} />
      </form>
    </Dialog>
  );
}
