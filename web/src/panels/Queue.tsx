/** The left side: what waits for a decision, what is under way, who is out. */
import { useEffect, useRef } from "preact/hooks";
import type { Tab } from "../desk/desk";
import { say, type Word } from "../words/words";
import { EventList } from "./EventList";
import { useHouse } from "./house";
import { IncidentList } from "./IncidentList";
import { CallList, Ringing } from "./intake/CallList";
import { UnitList } from "./UnitList";
import { UnreadSign } from "./units/Signs";

const TABS: readonly Tab[] = ["events", "calls", "incidents", "units"];
/** Who may not list them has no tab for them. */
const NEEDS: Partial<Record<Tab, string>> = { calls: "calls.list" };
const mine = (may: (operation: string) => boolean) => TABS.filter((tab) => may(NEEDS[tab] ?? "map.read"));
const HINTS: Record<Tab, readonly (readonly [string, Word])[]> = {
  events: [
    ["C", "key.confirm"],
    ["R", "key.reject"],
  ],
  calls: [
    ["A", "key.answer"],
    ["N", "key.take"],
  ],
  incidents: [["D", "key.dispatch"]],
  units: [["S", "key.send"]],
};
const ALWAYS: readonly (readonly [string, Word])[] = [
  ["JK", "key.move"],
  ["↵", "key.open"],
];
const LISTS = { events: EventList, calls: CallList, incidents: IncidentList, units: UnitList };

function TabButton({ tab, count }: { tab: Tab; count: number }) {
  const { desk, crews } = useHouse();
  const on = desk.tab.value === tab;
  function walk(key: KeyboardEvent): void {
    const by = key.key === "ArrowRight" ? 1 : key.key === "ArrowLeft" ? -1 : 0;
    const tabs = mine(desk.may);
    const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length];
    if (by === 0 || !next) return;
    desk.tab.value = next;
    document.getElementById(`tab-${next}`)?.focus();
  }
  return (
    <button
      type="button"
      role="tab"
      id={`tab-${tab}`}
      aria-controls="list"
      aria-selected={on}
      tabIndex={on ? 0 : -1}
      onClick={() => (desk.tab.value = tab)}
      onKeyDown={walk}
    >
      {say(`tab.${tab}`)} <span class="count">{count}</span>
      {tab === "units" && <UnreadSign count={crews.unread.value} />}
    </button>
  );
}

/** Keep the selected row in sight, and the keyboard on it where it was in the list. */
function useFollowSelection(list: { current: HTMLElement | null }) {
  const { desk } = useHouse();
  const chosen = desk.selected.value;
  const key = chosen && `${chosen.kind}-${chosen.id}`;
  useEffect(() => {
    const row = key && list.current?.querySelector<HTMLElement>(`[data-row="${key}"]`);
    if (!row) return;
    row.closest("li")?.scrollIntoView({ block: "nearest" });
    const focus = document.activeElement;
    if (!focus || focus === document.body || (list.current?.contains(focus) && focus.matches(".row")))
      row.focus({ preventScroll: true });
  }, [key, list]);
}

/** The panel. */
export function Queue() {
  const { desk } = useHouse();
  const list = useRef<HTMLDivElement>(null);
  useFollowSelection(list);
  const tab = desk.tab.value;
  const List = LISTS[tab];
  const counts = {
    events: desk.events.value.size,
    calls: desk.calls.value.size,
    incidents: desk.incidents.value.size,
    units: desk.units.value.size,
  };
  return (
    <aside class="queue" id="queue" aria-label={say("queue.title")} tabIndex={-1}>
      <div class="tabs" role="tablist" aria-label={say("queue.title")}>
        {mine(desk.may).map((one) => (
          <TabButton key={one} tab={one} count={counts[one]} />
        ))}
      </div>
      <Ringing />
      <div class="list" id="list" role="tabpanel" aria-labelledby={`tab-${tab}`} ref={list} tabIndex={0}>
        <List />
      </div>
      <p class="keys" title={say("queue.keys")}>
        <span class="unseen">{say("queue.keys")}</span>
        <span aria-hidden="true">
          {[...ALWAYS, ...HINTS[tab]].map(([keys, word]) => (
            <span class="pair" key={word}>
              {[...keys].map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}{" "}
              {say(word)}
            </span>
          ))}
        </span>
      </p>
    </aside>
  );
}
