/** A new account; its person chooses a password of their own when they first come in. */

import { useSignal } from "@preact/signals";
import type { Role } from "../../api/access";
import { say } from "../../words/words";
import { Alert } from "../Alert";
import { SHORTEST_PASSWORD } from "../dialogs/ChangePassword";
import { Buttons, Dialog } from "../dialogs/Dialog";
import { fieldsOf, useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { AreaField, RoleField, UnitField } from "../page/fields";

/** The dialog. */
export function NewAccount({ close, made }: { close: () => void; made: (id: number) => void }) {
  const { client, desk } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  const chosen = useSignal("dispatcher");
  async function make(submitted: SubmitEvent): Promise<void> {
    const { name = "", password = "", role, area_id, unit_id } = fieldsOf(submitted);
    const asked = {
      name: name.trim(),
      password,
      role: role as Role,
      area_id: Number(area_id),
      ...(unit_id && { unit_id: Number(unit_id) }),
    };
    const account = await attempt(() => client.addAccount(asked));
    if (!account) return;
    desk.tell(say("account.made", { name: asked.name }));
    made(account.done.id);
    close();
  }
  return (
    <Dialog title={say("account.make")} close={close}>
      <form onSubmit={make}>
        <label class="field">
          {say("account.name")}
          <input name="name" maxLength={64} autocomplete="off" autocapitalize="off" spellcheck={false} required />
        </label>
        <RoleField value={chosen.value} change={(role) => (chosen.value = role)} />
        {chosen.value === "crew" && <UnitField units={desk.units.value.values()} />}
        <AreaField label={say("account.area")} name="area_id" areas={desk.areas()} />
        <label class="field">
          {say("account.password")}
          <input
            name="password"
            type="password"
            autocomplete="new-password"
            minLength={SHORTEST_PASSWORD}
            maxLength={256}
            required
          />
          <span class="dim">{say("account.password_hint", { n: SHORTEST_PASSWORD })}</span>
        </label>
        <Alert>{wrong.value}</Alert>
        <Buttons busy={busy.value} submit={say("account.make_submit")} cancel={close} />
      </form>
    </Dialog>
  );
}
