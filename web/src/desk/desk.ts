/** What lies on the dispatcher's desk: lists, the selection and the open incident, kept true by the live feed. */
import { batch, computed, signal } from "@preact/signals";
import { within } from "../access/area_tree";
import type { Session } from "../api/access";
import { Refused } from "../api/ask";
import type { Call } from "../api/calls";
import type { NearCamera } from "../api/cameras";
import type { Client } from "../api/client";
import type { Hit } from "../api/hotlist";
import { gaveUp } from "../api/insist";
import type { Reach } from "../api/past";
import type {
  Caller,
  Confirmation,
  Feature,
  History,
  Incident,
  IncidentBrief,
  MapDocument,
  Place,
  Proposals,
  QyranEvent,
  Unit,
} from "../api/types";
import { say, titleOf } from "../words/words";
import { callsInOrder } from "./calls";
import { gather } from "./gather";
import { A_PAGE, readOpenCalls } from "./open_calls";
import type { Looked } from "./past";
import { incidentsInOrder, inOrder, pick, type UnitFilter } from "./queue";

export type Tab = "events" | "calls" | "incidents" | "units";
export type Selection = { kind: "event" | "call" | "incident" | "unit"; id: number };
export type Notice = { text: string; bad: boolean };
export type View = { centre: Place; zoom: number };
export type Desk = ReturnType<typeof createDesk>;

const byId = <T extends { id: number }>(things: T[]) => new Map(things.map((thing) => [thing.id, thing]));

/** Build the desk on a client; it holds nothing before `load`. */
export function createDesk(client: Client) {
  const session = signal<Session | null | undefined>(undefined); // undefined: not yet known
  const account = computed(() => (session.value ? session.value.account : session.value));
  const document = signal<MapDocument | null>(null);
  const events = signal(new Map<number, QyranEvent>());
  const incidents = signal(new Map<number, IncidentBrief>());
  const units = signal(new Map<number, Unit>());
  const calls = signal(new Map<number, Call>());
  const calls_wanted = signal(A_PAGE); // how many open ones are read, beside all that wait
  const calls_total = signal(0);
  const call_id = signal<number | null>(null); // whose intake form stands before the card
  const pointing = signal<((place: Place) => void) | null>(null); // who wants the next click on the map
  const rows = signal<Record<string, Map<number, Feature>>>({}); // what live row layers draw
  const tile_versions = signal<Record<string, number>>({}); // bumped when a row of a tile layer changes
  const tab = signal<Tab>("events");
  const selected = signal<Selection | null>(null);
  const opened_id = signal<number | null>(null);
  const opened = signal<Incident | null>(null);
  const proposals = signal<Proposals | null>(null);
  const past = signal<History | null>(null);
  const cameras = signal<NearCamera[]>([]); // that the plan of the open incident looks for
  const trail = signal<Hit[]>([]); // where the plate of the selected hit was seen last, newest first
  const camera_id = signal<number | null>(null); // the camera that is chosen, in the card or on the map
  const reach = signal<Partial<Record<Looked, Reach>>>({}); // where a slider was moved
  const chosen_units = signal<ReadonlySet<number>>(new Set());
  const hovered_unit = signal<number | null>(null);
  const rejecting = signal(false);
  const draft = signal<Confirmation | null>(null); // what confirming will do, where the dispatcher chose otherwise
  const busy = signal(false);
  const notice = signal<Notice | null>(null);
  const filter = signal<UnitFilter>({ service: null, status: null, text: "" });
  const caller = signal<Caller | null>(null); // of the open incident, unmasked for a purpose until its card closes
  const note_draft = signal("");
  const view = signal<View | null>(null); // where the map was left
  const flight = signal<{ place: Place; zoom: number; asked: number } | null>(null);

  const queue = computed(() => inOrder(events.value.values()));
  const open_calls = computed(() => callsInOrder(calls.value.values()));
  const open_incidents = computed(() => incidentsInOrder(incidents.value.values()));
  const shown_units = computed(() => pick(units.value.values(), filter.value));
  const event = computed(() =>
    selected.value?.kind === "event" ? (events.value.get(selected.value.id) ?? null) : null,
  );

  let told = 0;
  function tell(text: string, bad = false): void {
    notice.value = { text, bad };
    window.clearTimeout(told);
    told = window.setTimeout(() => (notice.value = null), bad ? 8000 : 4000);
  }
  function complain(error: unknown): void {
    if (gaveUp(error)) return;
    const sentence =
      error instanceof Refused ? titleOf(error.title) || (error.status === 0 ? say("signin.offline") : error.code) : "";
    tell(sentence ? `${say("said.failed")}: ${sentence}` : say("said.failed"), true);
  }
  /** Run an action once at a time; a refusal becomes a notice. */
  async function act<T>(action: () => Promise<T>): Promise<T | null> {
    if (busy.value) return null;
    busy.value = true;
    try {
      return await action();
    } catch (error) {
      complain(error);
      return null;
    } finally {
      busy.value = false;
    }
  }

  const refreshEvents = gather(async () => {
    const answer = await client.newEvents();
    events.value = byId(answer.events);
  }, 300);
  const refreshIncidents = gather(async () => {
    const answer = await client.openIncidents();
    incidents.value = byId(answer.incidents);
  }, 300);
  const refreshCalls = gather(async () => {
    if (!may("calls.list")) return;
    const answer = await readOpenCalls(client, calls_wanted.value);
    batch(() => {
      calls.value = byId(answer.calls);
      calls_total.value = answer.total;
    });
  }, 300);
  function moreCalls(): void {
    calls_wanted.value += A_PAGE;
    refreshCalls();
  }
  const refreshUnits = gather(async () => {
    const answer = await client.units();
    units.value = byId(answer.units);
  }, 2000);
  const refreshOpened = gather(async () => {
    const id = opened_id.value;
    if (id === null) return;
    const answer = await client.incident(id);
    if (opened_id.value === id) opened.value = answer;
  }, 300);
  const refreshPast = gather(async () => {
    const id = opened_id.value;
    if (id === null) return;
    const answer = await client.history(id, reach.value.place);
    if (opened_id.value === id) past.value = answer;
  }, 100);
  const refreshProposals = gather(async () => {
    const id = opened_id.value;
    if (id === null) return;
    const answer = await client.proposals(id).catch((error) => complain(error));
    if (opened_id.value !== id || !answer) return;
    const offered = new Set(answer.proposals.map((proposal) => proposal.unit.id));
    batch(() => {
      proposals.value = answer;
      chosen_units.value = new Set([...chosen_units.value].filter((unit) => offered.has(unit)));
    });
  }, 300);

  async function loadRows(layer: string): Promise<void> {
    const { features } = await client.items(layer);
    rows.value = { ...rows.value, [layer]: new Map(features.map((feature) => [Number(feature.id), feature])) };
  }
  /** Take over what incidents are opened from where the plans are others now; the map itself stays as it is. */
  const refreshPlans = gather(async () => {
    const asked = session.peek();
    const map = await client.map();
    const kept = document.peek();
    if (kept && session.peek() === asked) document.value = { ...map, layers: kept.layers };
  }, 300);
  const refreshRows = gather(async () => {
    const live = document.value?.layers.filter((layer) => layer.live === "rows" && layer.look.kind === "deck") ?? [];
    await Promise.all(live.map((layer) => loadRows(layer.name)));
  }, 1000);

  /** Read everything again: at the start, and after a gap in the feed. */
  function reload(): void {
    for (const refresh of [refreshEvents, refreshCalls, refreshIncidents, refreshUnits, refreshOpened, refreshRows])
      refresh();
  }

  /** Sign the windows in, or take them to another area: remember who looks and where, then read map and lists. */
  async function load(who: Session, seen: View | null = null): Promise<void> {
    const map = await client.map();
    batch(() => {
      forget();
      view.value = seen;
      document.value = map;
      session.value = who;
    });
    reload();
  }

  /** What the server told anew of the same session, such as a fresh step-up. */
  function renew(who: Session): void {
    if (session.value) session.value = who;
  }

  /** Whether the role of who is signed in does an operation of the server's policy. */
  const may = (operation: string): boolean => session.value?.operations.includes(operation) ?? false;

  /** A unit went where this account does not see: it leaves the list at once, not with the next reading. */
  function loseUnit(id: number): void {
    const left = new Map(units.value);
    if (!left.delete(id)) return;
    batch(() => {
      units.value = left;
      if (selected.value?.kind === "unit" && selected.value.id === id) selected.value = null;
    });
  }

  /** A frame of positions came: a unit that is on no list yet came into this account's area. */
  function met(unit_ids: Iterable<number>): void {
    for (const id of unit_ids)
      if (!units.value.has(id)) {
        refreshUnits();
        return;
      }
  }

  /** A row changed: redraw it, and read again the lists that tell of it. */
  function changed(layer: string, id: number, feature: Feature | null): void {
    const known = rows.value[layer];
    if (known) {
      const kept = new Map(known);
      if (feature) kept.set(id, feature);
      else kept.delete(id);
      rows.value = { ...rows.value, [layer]: kept };
    } else tile_versions.value = { ...tile_versions.value, [layer]: (tile_versions.value[layer] ?? 0) + 1 };
    if (layer === "units" && !feature) loseUnit(id);
    const opens = {
      events: [refreshEvents],
      calls: [refreshCalls],
      incidents: [refreshIncidents],
      units: [refreshUnits],
    }[layer];
    for (const refresh of opens ?? []) refresh();
    if (layer === "dispatches") for (const refresh of [refreshIncidents, refreshUnits]) refresh();
    if (opened_id.value !== null && ["events", "incidents", "dispatches"].includes(layer)) refreshOpened();
  }

  /** Take the map to a place. */
  function flyTo(place: Place | null | undefined, zoom = 15): void {
    if (place) flight.value = { place, zoom, asked: Date.now() };
  }

  function select(chosen: Selection | null, fly = true): void {
    batch(() => {
      selected.value = chosen;
      rejecting.value = false;
      draft.value = null;
    });
    if (!chosen || !fly) return;
    const lists = { event: events, call: calls, incident: incidents, unit: units }[chosen.kind].value;
    flyTo(lists.get(chosen.id)?.place);
  }

  function forgetCard(): void {
    opened.value = null;
    proposals.value = null;
    past.value = null;
    caller.value = null;
    note_draft.value = "";
    chosen_units.value = new Set();
  }

  /** Put an incident on the right-hand side: its card, who should go, and what happened near it. */
  function openIncident(id: number, fly = true): void {
    batch(() => {
      if (opened_id.value !== id) {
        forgetCard();
      }
      opened_id.value = id;
      call_id.value = null; // the card comes before the form of a call, which stays on the list
      selected.value = { kind: "incident", id };
      hovered_unit.value = null;
    });
    if (fly) flyTo(incidents.value.get(id)?.place);
    for (const refresh of [refreshOpened, refreshProposals, refreshPast]) refresh();
  }

  function closeCard(): void {
    batch(() => {
      opened_id.value = null;
      hovered_unit.value = null;
      forgetCard();
      if (selected.value?.kind === "incident") selected.value = null;
    });
  }

  function forget(): void {
    closeCard();
    call_id.value = null;
    pointing.value = null;
    camera_id.value = null;
    calls.value = new Map();
    calls_wanted.value = A_PAGE;
    calls_total.value = 0;
    document.value = null;
    selected.value = null;
    flight.value = null;
    view.value = null;
    events.value = new Map();
    incidents.value = new Map();
    units.value = new Map();
    rows.value = {};
    tab.value = "events";
  }

  /** Forget everything: nobody is signed in. */
  function clear(): void {
    batch(() => {
      forget();
      session.value = null;
    });
  }

  /** The areas that are looked at now: the one entered and all below it. */
  const areas = () => (session.value ? within(session.value.areas, session.value.entered.id) : []);

  return {
    session,
    account,
    document,
    events,
    incidents,
    units,
    calls,
    calls_total,
    moreCalls,
    call_id,
    pointing,
    rows,
    tile_versions,
    tab,
    selected,
    trail,
    opened_id,
    opened,
    proposals,
    past,
    cameras,
    camera_id,
    reach,
    chosen_units,
    hovered_unit,
    rejecting,
    draft,
    busy,
    notice,
    filter,
    caller,
    note_draft,
    view,
    flight,
    queue,
    open_calls,
    open_incidents,
    shown_units,
    event,
    tell,
    act,
    complain,
    reload,
    load,
    renew,
    may,
    areas,
    changed,
    met,
    select,
    flyTo,
    openIncident,
    closeCard,
    clear,
    refreshEvents,
    refreshCalls,
    refreshIncidents,
    refreshUnits,
    refreshPlans,
    refreshOpened,
    refreshPast,
    refreshProposals,
  };
}
