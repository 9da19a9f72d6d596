/** Who commands the incident: its own area, or a level above that took it over (MIA 897 §6.5). */
import { useSignal } from "@preact/signals";
import type { AreaNode, Session } from "../api/access";
import type { Incident } from "../api/types";
import { levelOf } from "../words/level";
import { say, titleOf } from "../words/words";
import { Buttons, Dialog } from "./dialogs/Dialog";
import { fieldsOf } from "./dialogs/trial";
import { useHouse } from "./house";
import { useAsked } from "./page/asked";

/** The levels above an area, the nearest first. */
export function above(areas: readonly AreaNode[], own_id: number): AreaNode[] {
  const known = new Map(areas.map((area) => [area.id, area]));
  const found: AreaNode[] = [];
  for (let at = known.get(own_id); at?.parent_id; ) {
    at = known.get(at.parent_id);
    if (at) found.push(at);
  }
  return found;
}

/** What the person may do about the command; the server judges again. */
export function commands(
  incident: Incident,
  session: Session,
): { takes: boolean; gives_back: boolean; waits: boolean } {
  const below = new Set(session.areas.map((area) => area.id));
  const own_id = session.account.area.id;
  const holder = incident.held_by?.id;
  const mine = holder !== undefined && below.has(holder);
  return {
    takes: holder !== own_id && incident.area?.id !== own_id && below.has(incident.area?.id ?? 0) && (mine || !holder),
    gives_back: mine,
    waits: holder !== undefined && !mine,
  };
}

function Why({
  title,
  hint,
  submit,
  close,
  done,
}: {
  title: string;
  hint: string;
  submit: string;
  close: () => void;
  done: (reason: string) => Promise<boolean>;
}) {
  const { desk } = useHouse();
  async function say_it(submitted: SubmitEvent): Promise<void> {
    if (await done(fieldsOf(submitted).reason?.trim() ?? "")) close();
  }
  return (
    <Dialog title={title} close={close}>
      <form onSubmit={say_it}>
        <p class="dim">{hint}</p>
        <label class="field">
          {say("command.reason")}
          <textarea name="reason" rows={3} maxLength={2000} required />
        </label>
        <Buttons busy={desk.busy.value} submit={submit} cancel={close} />
      </form>
    </Dialog>
  );
}

function Escalate({ own_id, close }: { own_id: number; close: () => void }) {
  const { client, desk, operations } = useHouse();
  const tree = useAsked(client.areas);
  const levels = above(tree.value.value?.areas ?? [], own_id);
  async function call(submitted: SubmitEvent): Promise<void> {
    const { reason = "", to } = fieldsOf(submitted);
    if (await operations.escalate(reason.trim(), Number(to))) close();
  }
  return (
    <Dialog title={say("command.escalate")} close={close}>
      <form onSubmit={call}>
        <p class="dim">{say("command.escalate_hint")}</p>
        <label class="field">
          {say("command.to")}
          <select name="to" required>
            {levels.map((area) => (
              <option key={area.id} value={area.id}>
                {titleOf(area.name)} · {levelOf(area)}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          {say("command.reason")}
          <textarea name="reason" rows={3} maxLength={2000} required />
        </label>
        <Buttons busy={desk.busy.value} submit={say("command.escalate_submit")} cancel={close} />
      </form>
    </Dialog>
  );
}

/** The part of the card; nothing where there is nothing to say or do. */
export function Command({ incident, live }: { incident: Incident; live: boolean }) {
  const { desk, operations } = useHouse();
  const shown = useSignal<"escalate" | "take" | null>(null);
  const session = desk.session.value;
  if (!session) return null;
  const { takes, gives_back, waits } = commands(incident, session);
  const commander = desk.may("incidents.take_over");
  const highest = session.account.area.level === 1;
  const close = () => (shown.value = null);
  const [holder, called] = [incident.held_by, incident.escalated_to];
  return (
    <div class="command">
      {holder && (
        <p class={waits ? "hint warn" : "hint"}>
          {say(waits ? "command.held_above" : "command.held", { area: titleOf(holder.name) })}
        </p>
      )}
      {called && <p class="hint">{say("command.called", { area: titleOf(called.name) })}</p>}
      {live && (
        <p class="line">
          {desk.may("incidents.escalate") && !highest && (
            <button type="button" onClick={() => (shown.value = "escalate")}>
              {say("command.escalate")}
            </button>
          )}
          {commander && takes && (
            <button type="button" onClick={() => (shown.value = "take")}>
              {say("command.take")}
            </button>
          )}
          {commander && gives_back && (
            <button type="button" disabled={desk.busy.value} onClick={() => void operations.giveBack()}>
              {say("command.give_back")}
            </button>
          )}
        </p>
      )}
      {shown.value === "escalate" && <Escalate own_id={session.account.area.id} close={close} />}
      {shown.value === "take" && (
        <Why
          title={say("command.take")}
          hint={say("command.take_hint")}
          submit={say("command.take_submit")}
          close={close}
          done={operations.takeOver}
        />
      )}
    </div>
  );
}
