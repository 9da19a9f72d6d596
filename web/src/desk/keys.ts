/** The keyboard: keys by their place (`event.code`), because letters move when the layout is Cyrillic. */
import { shownPage } from "../access/way";
import { waits } from "./calls";
import type { Desk, Selection } from "./desk";
import type { Intake } from "./intake";
import type { Operations } from "./operations";
import { step } from "./queue";
import { pressInRooms } from "./room_keys";
import type { Rooms } from "./rooms";

/** Whether the key belongs to what is typed in, not to the desk. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches("input:not([type=checkbox],[type=radio],[type=range]), textarea, select")
  );
}

/** Whether something stands over the desk and has the keyboard: a dialog, an open menu, another page. */
function isElsewhere(desk: Desk): boolean {
  return shownPage(desk.may) !== "desk" || document.querySelector("dialog[open], [popover]:popover-open") !== null;
}

function move(desk: Desk, by: number): void {
  const lists = {
    events: desk.queue,
    calls: desk.open_calls,
    incidents: desk.open_incidents,
    units: desk.shown_units,
  };
  const kinds = { events: "event", calls: "call", incidents: "incident", units: "unit" } as const;
  const [kind, list] = [kinds[desk.tab.value], lists[desk.tab.value].value];
  const current = desk.selected.value?.kind === kind ? desk.selected.value.id : null;
  const id = step(
    list.map((row) => row.id),
    current,
    by,
  );
  if (id !== null) desk.select({ kind, id });
}

/** Enter on a call that waits answers it. */
function openCall(desk: Desk, intake: Intake, id: number): void {
  const call = desk.calls.value.get(id);
  if (call && waits(call) && desk.may("calls.answer")) void intake.answer(id);
  else intake.show(id);
}

function open(desk: Desk, intake: Intake, chosen: Selection | null): void {
  if (chosen?.kind === "call") openCall(desk, intake, chosen.id);
  if (chosen?.kind === "incident") desk.openIncident(chosen.id);
  if (chosen?.kind === "event") desk.flyTo(desk.event.value?.place, 17);
  const task = chosen?.kind === "unit" ? desk.units.value.get(chosen.id)?.dispatch : null;
  if (task) desk.openIncident(task.incident_id);
}

function back(desk: Desk, intake: Intake): void {
  if (desk.pointing.value) desk.pointing.value = null;
  else if (desk.call_id.value !== null) intake.close();
  else if (desk.rejecting.value) desk.rejecting.value = false;
  else if (desk.opened_id.value !== null) desk.closeCard();
  else desk.select(null);
}

/** Handle one key; true where it meant something. */
export function press(desk: Desk, operations: Operations, intake: Intake, code: string): boolean {
  const event = desk.event.value;
  const actions: Record<string, () => unknown> = {
    KeyJ: () => move(desk, 1),
    KeyK: () => move(desk, -1),
    Enter: () => open(desk, intake, desk.selected.value),
    KeyA: () => desk.may("calls.answer") && intake.answerNext(),
    KeyN: () => desk.may("calls.take") && intake.take(),
    KeyC: () => event && operations.confirm(event),
    KeyR: () => {
      if (event) desk.rejecting.value = true;
    },
    KeyD: () => operations.dispatchChosen(),
    Escape: () => back(desk, intake),
  };
  actions[code]?.();
  return code in actions;
}

/** Listen to the keyboard for the desk; returns how to stop. */
export function listenToKeys(desk: Desk, operations: Operations, intake: Intake, rooms: Rooms): () => void {
  function onKey(event: KeyboardEvent): void {
    if (isElsewhere(desk)) return;
    if (!desk.account.value || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.code !== "Escape" && isTyping(event.target)) return;
    // Enter on a button presses that button; the desk takes it only from the list or the page.
    const onButton =
      event.target instanceof HTMLElement && event.target.matches("button:not([aria-current=true]), summary, a, input");
    if (event.code === "Enter" && onButton) return;
    if (pressInRooms(desk, rooms, event.code) || press(desk, operations, intake, event.code)) event.preventDefault();
  }
  window.addEventListener("keydown", onKey);
  return () => window.removeEventListener("keydown", onKey);
}
