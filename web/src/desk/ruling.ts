/** The regime of the area that is looked at, read anew at intervals and after it was set here; it tells of new plans too. */
import { effect, signal, untracked } from "@preact/signals";
import type { Client } from "../api/client";
import type { Regime } from "../api/plans";
import type { RegimeNow } from "../api/regime";
import { say, sayOf } from "../words/words";
import type { Desk } from "./desk";
import { gather } from "./gather";

/** Build it on a client and the desk whose session it follows. */
export function createRuling(client: Client, desk: Desk) {
  const now = signal<RegimeNow | null>(null);
  const refresh = gather(async () => {
    const session = desk.session.peek();
    if (!session || !desk.may("regime.read")) return;
    const answer = await client.regime();
    if (desk.session.peek()?.entered.id !== session.entered.id) return;
    now.value = answer;
    const shown = desk.document.peek()?.plans;
    if (shown !== undefined && shown !== answer.plans) desk.refreshPlans();
  }, 300);
  effect(() => {
    const entered = desk.session.value?.entered.id;
    untracked(() => {
      now.value = null; // another area: what held in the one before is not its own
      if (entered !== undefined) refresh();
    });
  });

  /** Set it for an area, and say so; throws where the server refuses. */
  async function set(area_id: number, name: Regime, reason: string): Promise<void> {
    await client.setRegime(area_id, name, reason);
    desk.tell(say("regime.told", { regime: sayOf("regime", name) }));
    refresh();
  }
  return { now, refresh, set };
}
