/** What a person does with the life of the open incident: each is one question to the server and what follows from it. */
import type { Client } from "../api/client";
import type { Split } from "../api/lifecycle";
import type { Urgent } from "../api/plans";
import type { Place } from "../api/types";
import { say, type Word } from "../words/words";
import type { Desk } from "./desk";

export type Life = ReturnType<typeof createLife>;

/** Build the acts on a client and the desk that they change. */
export function createLife(client: Client, desk: Desk) {
  /** Do it to the open incident; the card is read again whatever came of it. */
  async function act<T>(work: (id: number) => Promise<T>, told?: Word): Promise<T | null> {
    const id = desk.opened_id.value;
    if (id === null) return null;
    const answer = await desk.act(() => work(id));
    if (answer && told) desk.tell(say(told));
    for (const refresh of [desk.refreshOpened, desk.refreshIncidents, desk.refreshProposals]) refresh();
    return answer;
  }
  /** Do it to the open incident beside all else: lines are ticked and questions answered in a row, none waits for the other. */
  async function beside(work: (id: number) => Promise<unknown>): Promise<boolean> {
    const id = desk.opened_id.value;
    const answer = id === null ? null : await work(id).catch((error) => desk.complain(error));
    desk.refreshOpened();
    return !!answer;
  }
  const done = async (answer: Promise<unknown>) => (await answer) !== null;
  /** Do it, and go on with the incident that came of it. */
  async function follow(answer: Promise<{ id: number } | null>): Promise<boolean> {
    const made = await answer;
    if (made) desk.openIncident(made.id);
    return made !== null;
  }
  return {
    merge: (into_id: number, reason: string) => follow(act((id) => client.merge(id, into_id, reason), "said.merged")),
    unmerge: (reason: string) => follow(act((id) => client.unmerge(id, reason), "said.split")),
    split: (apart: Split) => follow(act((id) => client.split(id, apart), "said.split")),
    link: (other_id: number, kind: string) => done(act((id) => client.link(id, other_id, kind))),
    unlink: (other_id: number) => act(async (id) => ({ answer: await client.unlink(id, other_id) })),
    move: (place: Place, address: string | null, reason: string) =>
      done(act((id) => client.movePlace(id, place, address, reason), "said.moved")),
    reopen: (reason: string) => done(act((id) => client.reopen(id, reason), "said.reopened")),
    cancel: (reason: string) => done(act((id) => client.cancelIncident(id, reason), "said.cancelled")),
    state: (state: string) => done(act((id) => client.setState(id, state))),
    close: (how: { service: string; code: string; note?: string }[], note?: string) =>
      done(act((id) => client.closeWith(id, how, note), "said.closed")),
    alarm: (level: number, reason: string) => done(act((id) => client.callAlarm(id, level, reason))),
    recast: (category: string, reason: string, urgent: Urgent) =>
      done(act((id) => client.recast(id, category, reason, urgent))),
    answer: (question: string, given: string) => beside((id) => client.answer(id, question, given)),
    tick: (item: string, ticked: boolean) => beside((id) => client.tick(id, item, ticked)),
  };
}
