/** One account: what it may do and where, whether it may come in, and where it is signed in now. */

import { useSignal } from "@preact/signals";
import type { AccountChange, AccountRow, Role, Session } from "../../api/access";
import { say, sayOf, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { type Trial, useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { AreaField, Moment, RoleField, UnitField } from "../page/fields";
import { Sessions } from "./Sessions";

/** A commander releases below, an administrator in their own area too; nobody releases themselves. */
export function releases(session: Session | null | undefined, account: AccountRow): boolean {
  if (!session || session.account.id === account.id) return false;
  return session.account.role === "administrator" || session.account.area.id !== account.area.id;
}

type Props = { account: AccountRow; changed: () => void; close: () => void };

function Place({ account, change, trial }: { account: AccountRow; change: (to: AccountChange) => void; trial: Trial }) {
  const { desk } = useHouse();
  const [role, area_id] = [useSignal<string>(account.role), useSignal(account.area.id)];
  const unit_id = useSignal(account.unit_id ?? 0);
  const crews = role.value === "crew" && unit_id.value !== (account.unit_id ?? 0);
  const same = role.value === account.role && area_id.value === account.area.id && !crews;
  function save(submitted: SubmitEvent): void {
    submitted.preventDefault();
    change({
      ...(role.value !== account.role && { role: role.value as Role }),
      ...(area_id.value !== account.area.id && { area_id: area_id.value }),
      ...(crews && { unit_id: unit_id.value }),
    });
  }
  return (
    <form class="stack" onSubmit={save}>
      <RoleField value={role.value} change={(chosen) => (role.value = chosen)} />
      {role.value === "crew" && (
        <UnitField
          units={desk.units.value.values()}
          value={unit_id.value || undefined}
          change={(chosen) => (unit_id.value = chosen)}
        />
      )}
      <AreaField
        label={say("account.area")}
        name="area_id"
        areas={desk.areas()}
        value={area_id.value}
        change={(chosen) => (area_id.value = chosen)}
      />
      <button type="submit" class="primary" disabled={same || trial.busy.value}>
        {say("save")}
      </button>
    </form>
  );
}

/** The panel beside the list. What an administrator may never do to their own account is not offered. */
export function AccountDetail({ account, changed, close }: Props) {
  const { client, desk } = useHouse();
  const trial = useTrial();
  const own = account.id === desk.account.value?.id;
  const writes = desk.may("accounts.write") && !own;
  async function run(work: () => Promise<unknown>, said: string): Promise<void> {
    if (!(await trial.attempt(work))) return;
    desk.tell(said);
    changed();
  }
  const change = (to: AccountChange) => run(() => client.changeAccount(account.id, to), say("saved"));
  return (
    <aside class="detail" aria-label={account.name}>
      <header>
        <div>
          <h3>{account.name}</h3>
          <p class="dim">
            {sayOf("role", account.role)} · {titleOf(account.area.name)}
          </p>
        </div>
        <button type="button" class="quiet" aria-label={say("close_panel")} onClick={close}>
          ✕
        </button>
      </header>
      <div class="scrolls" tabIndex={0} role="group" aria-label={account.name}>
        <p class="dim">
          {say("account.since")} <Moment at={account.created_at} />
          {account.created_by && ` · ${account.created_by}`}
        </p>
        {own && <p class="hint">{say("account.own")}</p>}
        {writes && <Place account={account} change={(to) => void change(to)} trial={trial} />}
        <div class="acts">
          {account.locked && releases(desk.session.value, account) && desk.may("accounts.release") && (
            <button
              type="button"
              disabled={trial.busy.value}
              onClick={() => run(() => client.releaseAccount(account.id), say("account.released"))}
            >
              {say("account.release")}
            </button>
          )}
          {writes && (
            <button
              type="button"
              class={account.enabled ? "danger" : ""}
              disabled={trial.busy.value}
              onClick={() => change({ enabled: !account.enabled })}
            >
              {account.enabled ? say("account.switch_off") : say("account.switch_on")}
            </button>
          )}
          {writes && account.second_factors.length > 0 && (
            <button
              type="button"
              disabled={trial.busy.value}
              onClick={() => run(() => client.resetFactors(account.id), say("account.factors_reset"))}
            >
              {say("account.reset_factors")}
            </button>
          )}
        </div>
        <Alert>{trial.wrong.value}</Alert>
        {desk.may("sessions.list") && <Sessions account_id={account.id} />}
      </div>
    </aside>
  );
}
