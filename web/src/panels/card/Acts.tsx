/** What is next, always in sight, and beside it everything else that may be done. */
import { useRef } from "preact/hooks";
import type { Incident } from "../../api/types";
import { hasEnded, type NextAct, nextAct } from "../../desk/next_act";
import { say, sayOf } from "../../words/words";
import { useHouse } from "../house";
import { Key } from "../parts";
import { yesWords } from "../sending/yes";
import { walkList } from "../walk";

/** The dialogs that a card may show. */
export type Asking =
  | "alarm"
  | "recast"
  | "merge"
  | "split"
  | "unmerge"
  | "link"
  | "move"
  | "cancel"
  | "close"
  | "reopen";
type Offer = { ask: Asking; needs: string };

const ALIVE: readonly Offer[] = [
  { ask: "recast", needs: "incidents.category" },
  { ask: "alarm", needs: "incidents.alarm" },
  { ask: "move", needs: "incidents.relocate" },
  { ask: "link", needs: "incidents.link" },
  { ask: "merge", needs: "incidents.merge" },
  { ask: "split", needs: "incidents.split" },
  { ask: "cancel", needs: "incidents.cancel" },
  { ask: "close", needs: "incidents.close" },
];
const OVER: Record<string, readonly Offer[]> = {
  merged: [{ ask: "unmerge", needs: "incidents.split" }],
  closed: [{ ask: "reopen", needs: "incidents.reopen" }],
  cancelled: [{ ask: "reopen", needs: "incidents.reopen" }],
};

/** What a card offers in its menu. */
export function offers(incident: Pick<Incident, "state">, may: (operation: string) => boolean): Asking[] {
  const offered = hasEnded(incident) ? (OVER[incident.state] ?? []) : ALIVE;
  return offered.filter((one) => may(one.needs)).map((one) => one.ask);
}

type Props = { incident: Incident; waits: boolean; ask: (what: Asking) => void };

function Next({ incident, act, ask }: { incident: Incident; act: NextAct; ask: Props["ask"] }) {
  const { desk, life, operations } = useHouse();
  const chosen = desk.chosen_units.value.size;
  const survivor = incident.merged_into;
  const works: Record<NextAct, { run: () => unknown; says: string; needs: string }> = {
    dispatch: {
      run: () => operations.dispatchChosen(),
      says: yesWords(desk.chosen_units.value, desk.proposals.value),
      needs: "incidents.dispatch",
    },
    release: { run: () => life.state("pending"), says: say("next.release"), needs: "incidents.state" },
    onscene: { run: () => life.state("onscene"), says: say("next.onscene"), needs: "incidents.state" },
    under_control: {
      run: () => life.state("under_control"),
      says: say("next.under_control"),
      needs: "incidents.state",
    },
    clearing: { run: () => life.state("clearing"), says: say("next.clearing"), needs: "incidents.state" },
    close: { run: () => ask("close"), says: say("incident.close"), needs: "incidents.close" },
    reopen: { run: () => ask("reopen"), says: say("life.reopen"), needs: "incidents.reopen" },
    survivor: {
      run: () => survivor && desk.openIncident(survivor.id),
      says: say("life.survivor", { number: survivor?.number ?? "" }),
      needs: "incidents.read",
    },
  };
  const { run, says, needs } = works[act];
  if (!desk.may(needs)) return null;
  return (
    <button
      type="button"
      class="primary"
      disabled={desk.busy.value || (act === "dispatch" && chosen === 0)}
      onClick={() => void run()}
    >
      {says} {act === "dispatch" && <Key name="D" />}
    </button>
  );
}

/** The foot of the card; nothing where the role may do nothing here. */
export function Acts({ incident, waits, ask }: Props) {
  const { desk } = useHouse();
  const menu = useRef<HTMLDivElement>(null);
  const act = waits ? null : nextAct(incident, desk.chosen_units.value.size);
  const offered = waits ? [] : offers(incident, desk.may);
  if (!act && offered.length === 0) return null;
  return (
    <footer class="acts">
      {act ? <Next incident={incident} act={act} ask={ask} /> : <span class="dim what">{say("next.wait")}</span>}
      {offered.length > 0 && (
        <button type="button" popovertarget="acts-menu">
          {say("next.more")} <span aria-hidden="true">▴</span>
        </button>
      )}
      <div
        id="acts-menu"
        class="menu acts-menu"
        popover="auto"
        role="dialog"
        aria-label={say("next.more")}
        ref={menu}
        onKeyDown={walkList}
      >
        <ul>
          {offered.map((what) => (
            <li key={what}>
              <button
                type="button"
                onClick={() => {
                  menu.current?.hidePopover();
                  ask(what);
                }}
              >
                {sayOf("act", what)}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </footer>
  );
}
