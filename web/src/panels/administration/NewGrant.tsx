/** A new grant: to whom, of what, why, and for how long; none is for ever. */

import { useSignal } from "@preact/signals";
import { say } from "../../words/words";
import { Alert } from "../Alert";
import { Buttons, Dialog } from "../dialogs/Dialog";
import { fieldsOf, useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { AreaField } from "../page/fields";
import { useCategoryTitle } from "../parts";

const LASTS_H = [1, 4, 12, 24, 72, 168] as const;

/** The dialog. */
export function NewGrant({ close, made }: { close: () => void; made: () => void }) {
  const { client, desk } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  const whole = useSignal(true);
  const category = useCategoryTitle();
  const all = useAsked(client.areas);
  const own = new Set(desk.session.value?.areas.map((area) => area.id));
  const others = all.value.value?.areas.filter((area) => !own.has(area.id)) ?? [];
  async function make(submitted: SubmitEvent): Promise<void> {
    const { to_area_id, area_id, incident_id, reason = "", hours } = fieldsOf(submitted);
    const about: { kind: "area"; area_id: number } | { kind: "incident"; incident_id: number } = incident_id
      ? { kind: "incident", incident_id: Number(incident_id) }
      : { kind: "area", area_id: Number(area_id) };
    const asked = { ...about, to_area_id: Number(to_area_id), reason: reason.trim(), hours: Number(hours) };
    if (!(await attempt(() => client.addGrant(asked)))) return;
    desk.tell(say("saved"));
    made();
    close();
  }
  return (
    <Dialog title={say("grant.make")} close={close}>
      <form onSubmit={make}>
        <AreaField label={say("grant.to")} name="to_area_id" areas={others} />
        <label class="field">
          {say("grant.what")}
          <select name="incident_id" onChange={(chosen) => (whole.value = chosen.currentTarget.value === "")}>
            <option value="">{say("grant.whole_area")}</option>
            {desk.open_incidents.value.map((incident) => (
              <option key={incident.id} value={incident.id}>
                {incident.number} · {category(incident.category)}
              </option>
            ))}
          </select>
        </label>
        {whole.value && <AreaField label={say("grant.which_area")} name="area_id" areas={desk.areas()} />}
        <label class="field">
          {say("grant.lasts")}
          <select name="hours">
            {LASTS_H.map((hours) => (
              <option key={hours} value={hours}>
                {hours < 24 ? say("span.h", { n: hours }) : say("history.days_n", { n: hours / 24 })}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          {say("grant.reason")}
          <textarea name="reason" minLength={5} maxLength={300} rows={3} required />
        </label>
        <Alert>{wrong.value || all.wrong.value}</Alert>
        <Buttons busy={busy.value} submit={say("grant.make_submit")} cancel={close} />
      </form>
    </Dialog>
  );
}
