/** Which regime is in force, to everybody; whoever may set it does so here. */

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Regime } from "../../api/plans";
import { REGIMES, type RegimeNow, type SetRegime } from "../../api/regime";
import { say, sayOf, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { Buttons, Dialog } from "../dialogs/Dialog";
import { fieldsOf, useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { AreaField, Moment } from "../page/fields";

/** The dialog: where, which, and why. */
function SetIt({ now, close }: { now: RegimeNow; close: () => void }) {
  const { desk, ruling } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  const chosen = useSignal<Regime>(now.name);
  async function set(submitted: SubmitEvent): Promise<void> {
    const { area_id, reason = "" } = fieldsOf(submitted);
    if (await attempt(() => ruling.set(Number(area_id), chosen.value, reason.trim()))) close();
  }
  return (
    <Dialog title={say("regime.set")} close={close}>
      <form onSubmit={set}>
        <p class="dim">{say("regime.set_hint")}</p>
        <AreaField label={say("account.area")} name="area_id" areas={desk.areas()} value={now.area_id} />
        <fieldset class="options">
          <legend class="unseen">{say("regime.title")}</legend>
          {REGIMES.map((name) => (
            <label key={name}>
              <input type="radio" name="name" checked={chosen.value === name} onChange={() => (chosen.value = name)} />
              {titleOf(desk.document.value?.regimes[name]?.title) || sayOf("regime", name)}
            </label>
          ))}
        </fieldset>
        <label class="field">
          {say("command.reason")}
          <textarea name="reason" rows={2} maxLength={2000} required />
        </label>
        <Alert>{wrong.value}</Alert>
        <Buttons busy={busy.value} submit={say("regime.set_submit")} cancel={close} />
      </form>
    </Dialog>
  );
}

function Line({ set }: { set: SetRegime }) {
  return (
    <li>
      <span class={`tag regime ${set.name}`}>{sayOf("regime", set.name)}</span>
      <span class="what">
        <b>{titleOf(set.area.name)}</b>
        <span>{set.reason}</span>
        <span class="dim">
          {set.set_by} · <Moment at={set.set_at} />
        </span>
      </span>
    </li>
  );
}

/** The sign in the bar, and under it where it was set and why; nothing before it is known. */
export function RegimeSign() {
  const { desk, ruling } = useHouse();
  const setting = useSignal(false);
  const sheet = useRef<HTMLDivElement>(null);
  const now = ruling.now.value;
  if (!now) return null;
  const name = sayOf("regime", now.name);
  const set = now.every.filter((one) => one.name !== "everyday" || one.area.id === now.by?.area.id);
  return (
    <>
      <button
        type="button"
        class={`regime-sign ${now.name}`}
        popovertarget="regime-sheet"
        aria-label={`${say("regime.title")}: ${name}`}
        title={`${say("regime.title")}: ${name}`}
      >
        <i aria-hidden="true" />
        <b>{name}</b>
      </button>
      <span class="unseen" aria-live="polite">
        {now.name !== "everyday" && `${say("regime.title")}: ${name}`}
      </span>
      <div
        id="regime-sheet"
        class="menu regimes"
        popover="auto"
        role="dialog"
        aria-label={say("regime.title")}
        ref={sheet}
      >
        <p>
          <b>{titleOf(now.title)}</b>
          <br />
          <span class="dim">{titleOf(now.about)}</span>
        </p>
        {set.length > 0 && (
          <ul class="set" aria-label={say("regime.where")}>
            {set.map((one) => (
              <Line key={one.area.id} set={one} />
            ))}
          </ul>
        )}
        {desk.may("regime.set") && (
          <button
            type="button"
            onClick={() => {
              sheet.current?.hidePopover();
              setting.value = true;
            }}
          >
            {say("regime.set")}
          </button>
        )}
      </div>
      {setting.value && <SetIt now={now} close={() => (setting.value = false)} />}
    </>
  );
}
