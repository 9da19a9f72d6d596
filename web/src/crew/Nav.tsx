/** The four tabs under the thumb, and beside them the panic button. */
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { say } from "../words/words";
import { createHold } from "./hold";
import { TABS, type Tab, usePage } from "./page";

const SIGNS: Record<Tab, string> = {
  task: "M6 3h9l4 4v14H6zM9 11h7M9 15h7",
  way: "M12 21s-6-6.500-6-11a6 6 0 0 1 12 0c0 4.500-6 11-6 11zM12 8v4",
  messages: "M4 5h16v11H10l-5 4v-4H4z",
  unit: "M4 16v-4l2-5h9l4 5h1v4zM8 16v2M17 16v2",
};

/** How many messages of the desk came since the tab was last looked at, also before the page was loaded anew. */
function useUnread(): number {
  const { crew, tab, act } = usePage();
  const kept = `qyran.crew.read.${crew.person.value?.account_id}`;
  const read = useSignal(Number(localStorage.getItem(kept) ?? 0));
  const theirs = crew.here.value?.messages.filter((one) => !one.mine) ?? [];
  const newest = Math.max(0, ...theirs.map((one) => one.id));
  const told = theirs.some((one) => one.id === newest && one.state === "read"); // another phone of the crew did
  useEffect(() => {
    if (tab.value !== "messages" || newest <= read.value || document.hidden) return;
    read.value = newest;
    localStorage.setItem(kept, String(newest));
    if (!told) act({ kind: "read", up_to: newest });
  });
  return theirs.filter((one) => one.id > read.value).length;
}

function PanicButton() {
  const { act, places, crew } = usePage();
  const hold = useMemo(
    () =>
      createHold(() => {
        const place = places.place();
        navigator.vibrate?.(600);
        act({ kind: "panic", ...(place && { place }) });
      }),
    [],
  );
  const panic = crew.here.value?.panic;
  const raised = panic && !panic.acknowledged_at; // once it was taken it may be raised anew
  useEffect(() => {
    addEventListener("blur", hold.release);
    return () => removeEventListener("blur", hold.release);
  }, [hold]);
  return (
    <button
      type="button"
      class={`panic ${hold.holding.value ? "holding" : ""} ${hold.armed.value ? "armed" : ""}`}
      aria-disabled={raised ? "true" : undefined}
      aria-describedby="panic-how"
      onPointerDown={(down) => {
        if (raised || down.button !== 0) return;
        down.currentTarget.setPointerCapture(down.pointerId);
        hold.press();
      }}
      onPointerUp={hold.release}
      onPointerCancel={hold.release}
      onContextMenu={(asked) => asked.preventDefault()}
      onKeyDown={(key) => key.repeat && key.preventDefault()}
      onClick={(click) => !raised && click.detail === 0 && hold.tap()}
    >
      <span>{hold.armed.value ? say("crew.panic.again") : say("crew.panic.button")}</span>
      <small id="panic-how">{raised ? say("crew.panic.raised") : say("crew.panic.how")}</small>
    </button>
  );
}

/** The bar below. */
export function Nav() {
  const { tab } = usePage();
  const unread = useUnread();
  return (
    <nav aria-label={say("crew.tabs")}>
      {TABS.map((one) => (
        <button
          type="button"
          key={one}
          aria-current={one === tab.value ? "page" : undefined}
          onClick={() => (tab.value = one)}
        >
          <svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true">
            <path d={SIGNS[one]} />
          </svg>
          {say(`crew.tab.${one}`)}
          {one === "messages" && unread > 0 && (
            <b class="count">
              {unread}
              <span class="unseen"> {say("crew.unread")}</span>
            </b>
          )}
        </button>
      ))}
      <PanicButton />
    </nav>
  );
}
