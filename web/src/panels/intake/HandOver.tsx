/** A call that another area has to see to is given to it; who gave it reads on how it goes. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { within } from "../../access/area_tree";
import type { AreaNode } from "../../api/access";
import type { CallAtLength } from "../../api/calls";
import { clock } from "../../words/formats";
import { say, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { Buttons, Dialog } from "../dialogs/Dialog";
import { fieldsOf, useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { AreaField } from "../page/fields";

/** The areas that a call can be given to: its own and those above it see it as it is. */
export function others(areas: readonly AreaNode[], own_id: number | undefined): AreaNode[] {
  return areas.filter((area) => !within(areas, area.id).some((below) => below.id === own_id));
}

/** The dialog; it begins with the area of the place, where that is another. */
export function HandOver({ call, close }: { call: CallAtLength; close: () => void }) {
  const { client, intake } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  const asked = useAsked(client.areas);
  const chosen = useSignal<number | undefined>(undefined);
  const open = others(asked.value.value?.areas ?? [], call.area?.id);
  useEffect(() => {
    if (!call.place) return;
    const { lat, lon } = call.place;
    client.findPlaces(`${lat}, ${lon}`, null).then(
      ({ found }) => (chosen.value ??= found[0]?.area?.id),
      () => undefined, // a proposal alone: a person chooses where there is none
    );
  }, []);
  async function hand(submitted: SubmitEvent): Promise<void> {
    const { area_id, reason = "" } = fieldsOf(submitted);
    if (await attempt(() => intake.hand(Number(area_id), reason.trim()))) close();
  }
  return (
    <Dialog title={say("intake.hand")} close={close}>
      <form onSubmit={hand}>
        <p class="dim">{say("intake.hand_hint")}</p>
        <AreaField
          label={say("command.to")}
          name="area_id"
          areas={open}
          value={open.some((area) => area.id === chosen.value) ? chosen.value : open[0]?.id}
          change={(id) => (chosen.value = id)}
        />
        <label class="field">
          {say("command.reason")}
          <textarea name="reason" rows={2} maxLength={2000} required />
        </label>
        <Alert>{wrong.value || asked.wrong.value}</Alert>
        <Buttons busy={busy.value || open.length === 0} submit={say("intake.hand_submit")} cancel={close} />
      </form>
    </Dialog>
  );
}

/** By whom it was given here, or to whom it went on; nothing of one that stayed. */
export function HandedLine({ call }: { call: CallAtLength }) {
  const { handed } = call;
  if (!handed) return null;
  const areas = { from: titleOf(handed.from.name), to: titleOf(call.area?.name) };
  return (
    <p class="same" role="note">
      <b>{call.ours ? say("intake.handed_here", areas) : say("intake.handed_on", areas)}</b> {handed.reason}{" "}
      <span class="dim">
        {handed.by} · {clock(handed.at, true)}
      </span>
    </p>
  );
}
