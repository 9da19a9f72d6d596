/** Coming in, moving to another area, and going out; what one was doing is kept when a session ends by itself. */
import { signal } from "@preact/signals";
import type { Session } from "../api/access";
import type { Refused } from "../api/ask";
import type { Client } from "../api/client";
import type { Desk, Tab, View } from "../desk/desk";
import type { Intake, Unwritten } from "../desk/intake";
import type { DemandsDesk } from "./demands";
import { phase } from "./shift";

export type Access = ReturnType<typeof createAccess>;
/** Why the sign-in page is there although somebody was signed in. */
export type Ended = { why: "shift_over" } | { why: "ended"; refused: Refused };
type Kept = {
  account_id: number;
  area_id: number;
  tab: Tab;
  incident_id: number | null;
  note: string;
  unwritten: Unwritten;
  view: View | null;
};

/** Build it on the client and the desk that it fills and empties. */
export function createAccess(client: Client, desk: Desk, intake: Intake, demands: DemandsDesk, now_ms: () => number) {
  const waiting = signal<Session | null>(null); // the password was right, the second factor is still owed
  const ended = signal<Ended | null>(null);
  const last_name = signal("");
  let homing = false;
  let kept: Kept | null = null;

  function keep(session: Session): Kept {
    return {
      account_id: session.account.id,
      area_id: session.entered.id,
      tab: desk.tab.value,
      incident_id: desk.opened_id.value,
      note: desk.note_draft.value,
      unwritten: intake.unwritten(),
      view: desk.view.value,
    };
  }

  /** The same person came back: put the desk as it was left. Another's is thrown away. */
  async function resume(session: Session): Promise<void> {
    const left = kept?.account_id === session.account.id ? kept : null;
    kept = null;
    if (!left) return desk.load(session);
    const elsewhere = session.entered.id !== left.area_id && session.areas.some((area) => area.id === left.area_id);
    await desk.load(elsewhere ? await client.enterArea(left.area_id) : session, left.view);
    if (left.incident_id !== null) desk.openIncident(left.incident_id, false);
    desk.note_draft.value = left.note;
    intake.resume(left.unwritten);
    desk.tab.value = left.tab;
  }

  /** A session was opened, or found open; where a second factor is owed the sign-in asks for it. */
  async function enter(session: Session): Promise<void> {
    last_name.value = session.account.name;
    waiting.value = session.needs ? session : null;
    if (session.needs) {
      desk.clear();
      return;
    }
    await resume(session);
    ended.value = null;
  }

  /** The session serves no longer: it ended, owes a proof, or its area is gone. */
  function end(refused: Refused): void {
    const session = desk.session.value;
    demands.giveUp();
    if (!session) return;
    const own_id = session.account.area.id;
    if (refused.code === "area_closed" && session.entered.id !== own_id) {
      goHome(own_id, refused);
      return;
    }
    kept = refused.code === "area_closed" ? null : keep(session);
    desk.clear();
    if (refused.code.endsWith("_needed")) client.whoAmI().then(enter, () => undefined);
    else ended.value = phase(session.shift, now_ms()) === "over" ? { why: "shift_over" } : { why: "ended", refused };
  }

  /** The area that was looked at is there no longer: one's own is. */
  function goHome(own_id: number, refused: Refused): void {
    if (homing) return; // many questions are refused at once
    homing = true;
    desk.complain(refused);
    client
      .enterArea(own_id)
      .then((session) => desk.load(session))
      .catch(desk.complain)
      .finally(() => (homing = false));
  }

  /** Go out, of one's own will: nothing is kept. */
  async function leave(): Promise<void> {
    await client.signOut().catch(() => undefined); // the page forgets even where the server does not hear
    kept = null;
    waiting.value = null;
    ended.value = null;
    demands.giveUp();
    desk.clear();
  }

  /** Look at another area: map, queue, units and feed are read anew. */
  async function moveTo(area_id: number): Promise<boolean> {
    const session = await desk.act(() => client.enterArea(area_id));
    if (!session) return false;
    demands.forget();
    await desk.load(session).catch(desk.complain);
    return true;
  }

  return { waiting, ended, last_name, enter, end, leave, moveTo };
}
