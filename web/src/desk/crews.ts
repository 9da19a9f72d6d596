/** Crews: the statuses that positions propose, the unit that is looked at in full, and what is done about it. */
import { computed, effect, signal, untracked } from "@preact/signals";
import type { Client } from "../api/client";
import type { Unit } from "../api/types";
import type { CrewMember, StatusProposal, UnitChange, UnitInFull } from "../api/units";
import { say } from "../words/words";
import type { Desk } from "./desk";
import { gather } from "./gather";
import { isSilent } from "./status";

export type Crews = ReturnType<typeof createCrews>;

/** The units whose crews wrote what was not there before (pure); `heard`: the newest message known of each. */
export function wroteNew(units: Iterable<Unit>, heard: ReadonlyMap<number, number>): Unit[] {
  return [...units].filter((unit) => (unit.unread?.newest ?? 0) > (heard.get(unit.id) ?? 0));
}

/** Build it on a client and the desk. */
export function createCrews(client: Client, desk: Desk, chime: () => void) {
  const proposed = signal<StatusProposal[]>([]);
  const unit = signal<UnitInFull | null>(null); // the selected one
  const unit_id = computed(() => (desk.selected.value?.kind === "unit" ? desk.selected.value.id : null));
  /** Crews that fell silent on the way, and those in danger: named on the map all the time. */
  const marked = computed(() => [...desk.units.value.values()].filter((one) => isSilent(one) || one.panic));
  /** How many messages of crews nobody has read. */
  const unread = computed(() => [...desk.units.value.values()].reduce((sum, one) => sum + (one.unread?.count ?? 0), 0));
  const heard = new Map<number, number>();
  const refreshProposed = gather(async () => {
    if (desk.may("statuses.list")) proposed.value = (await client.statusProposals()).proposals;
  }, 1000);
  const refreshUnit = gather(async () => {
    const id = unit_id.value;
    if (id === null || !desk.may("units.read")) return;
    const answer = await client.unit(id);
    if (unit_id.value === id) unit.value = answer;
  }, 500);
  effect(() => {
    const id = unit_id.value;
    untracked(() => {
      if (unit.value?.id !== id) unit.value = null;
      refreshUnit();
    });
  });
  effect(() => {
    if (desk.session.value) untracked(refreshProposed);
    else proposed.value = [];
  });
  effect(() => {
    if (!desk.session.value) heard.clear();
    const wrote = wroteNew(desk.units.value.values(), heard);
    for (const one of wrote) heard.set(one.id, one.unread?.newest ?? 0);
    if (wrote.length === 0) return;
    untracked(() => {
      const units = wrote.map((one) => one.call_sign).join(", ");
      if (!desk.notice.value?.bad) desk.tell(say("said.crew_wrote", { unit: units })); // no error is wiped out
      chime();
    });
  });
  /** Read again what is proposed, and the unit that is looked at. */
  function refresh(): void {
    refreshProposed();
    refreshUnit();
  }
  /** A row changed, as the feed tells. */
  function changed(layer: string, id: number): void {
    if (layer === "dispatches") refreshProposed();
    if (layer === "units" && id === unit_id.value) refreshUnit();
  }

  async function after(done: Promise<unknown | null>, said?: string): Promise<boolean> {
    const answer = await done;
    if (answer !== null && said) desk.tell(said);
    for (const again of [refresh, desk.refreshUnits, desk.refreshOpened]) again();
    return answer !== null;
  }
  const act = (work: () => Promise<unknown>, said?: string) =>
    after(
      desk.act(() => work().then(() => true)),
      said,
    );
  return {
    proposed,
    unit,
    unit_id,
    marked,
    unread,
    refresh,
    changed,
    /** What its crew wrote was shown, up to that message. */
    async hear(id: number, up_to: number): Promise<void> {
      const answer = await client.hearCrew(id, up_to).catch(desk.complain);
      if (answer && unit_id.value === id) unit.value = answer;
      desk.refreshUnits();
    },
    take: (proposal: StatusProposal) => act(() => client.takeStatus(proposal.id)),
    drop: (proposal: StatusProposal) => act(() => client.dropStatus(proposal.id)),
    setDuty: (id: number, duty: string, reason?: string) =>
      act(() => client.setDuty(id, duty, reason), say("said.duty_set")),
    tell: (id: number, text: string) => act(() => client.tellCrew(id, text), say("said.crew_told")),
    change: (id: number, change: UnitChange) => act(() => client.changeUnit(id, change), say("saved")),
    planShift: (id: number, shift: { begins_at: string; ends_at: string; crew: CrewMember[] }) =>
      act(() => client.planShift(id, shift), say("saved")),
    dropShift: (id: number, shift: number) => act(() => client.dropShift(id, shift), say("unit.shift_dropped")),
  };
}
