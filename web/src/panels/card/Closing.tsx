/** How an incident ends: a disposition of each service that went, and a note. */
import type { Incident } from "../../api/types";
import { say, titleOf } from "../../words/words";
import { Buttons, Dialog } from "../dialogs/Dialog";
import { fieldsOf } from "../dialogs/trial";
import { useHouse } from "../house";
import { useServiceTitle } from "../parts";

/** The services whose units were sent, or those that the category calls for where none was. */
function useServices(incident: Incident): string[] {
  const { desk } = useHouse();
  const sent = [...new Set(incident.dispatches.map((dispatch) => dispatch.unit.service))];
  return sent.length > 0 ? sent : Object.keys(desk.document.value?.categories[incident.category]?.units ?? {});
}

/** The dialog. */
export function Close({ incident, close }: { incident: Incident; close: () => void }) {
  const { desk, life } = useHouse();
  const service = useServiceTitle();
  const services = useServices(incident);
  const codes = Object.entries(desk.document.value?.statuses.dispositions ?? {});
  const bound = incident.dispatches.filter((dispatch) => dispatch.next.length > 0);
  async function end(submitted: SubmitEvent): Promise<void> {
    const { note = "", ...how } = fieldsOf(submitted);
    const dispositions = services.flatMap((name) => (how[name] ? [{ service: name, code: how[name] }] : []));
    if (!(await life.close(dispositions, note.trim() || undefined))) return;
    close();
    desk.closeCard();
  }
  return (
    <Dialog title={say("incident.close")} close={close}>
      <form onSubmit={end}>
        {bound.length > 0 && (
          <p class="warn">{say("close.bound", { units: bound.map((one) => one.unit.call_sign).join(", ") })}</p>
        )}
        {codes.length > 0 &&
          services.map((name) => (
            <label class="field" key={name}>
              {say("close.disposition", { service: service(name) })}
              <select name={name}>
                {codes.map(([code, title]) => (
                  <option key={code} value={code}>
                    {titleOf(title)}
                  </option>
                ))}
              </select>
            </label>
          ))}
        <label class="field">
          {say("incident.note")}
          <textarea name="note" rows={2} maxLength={2000} />
        </label>
        <Buttons busy={desk.busy.value} submit={say("incident.close")} cancel={close} />
      </form>
    </Dialog>
  );
}
