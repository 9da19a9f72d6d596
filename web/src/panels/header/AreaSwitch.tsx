/** Which area is looked at: one's own or one below it, out of the tree. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { type Branch, branches } from "../../access/area_tree";
import { levelOf } from "../../words/level";
import { language, say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { walkList } from "../walk";

function Choice({ branch, on, choose }: { branch: Branch; on: boolean; choose: () => void }) {
  const { area, depth, found } = branch;
  return (
    <li>
      <button
        type="button"
        class={`area-choice depth-${Math.min(depth, 3)}`}
        aria-current={on}
        data-leads={!found}
        onClick={choose}
      >
        <span>{titleOf(area.name)}</span>
        <span class="dim">{levelOf(area)}</span>
      </button>
    </li>
  );
}

/** The button with the area's name, and the tree under it. One who has a single area sees its name alone. */
export function AreaSwitch() {
  const { desk, access } = useHouse();
  const sought = useSignal("");
  const sheet = useRef<HTMLDivElement>(null);
  const session = desk.session.value;
  if (!session) return null;
  const { entered, areas } = session;
  const name = (
    <>
      <b>{titleOf(entered.name)}</b>
      {entered.level && <span class="dim"> · {levelOf(entered)}</span>}
    </>
  );
  if (areas.length < 2) return <p class="area">{name}</p>;
  const shown = branches(areas, language.value, sought.value);
  async function choose(id: number): Promise<void> {
    sheet.current?.hidePopover();
    if (id !== entered.id) await access.moveTo(id);
  }
  return (
    <div class="area">
      <button type="button" class="opener" popovertarget="area-sheet">
        <span class="unseen">{say("area.switch")}:</span>
        <span class="opener-name">{name}</span>
        <span aria-hidden="true">▾</span>
      </button>
      <div
        id="area-sheet"
        class="menu areas"
        popover="auto"
        role="dialog"
        aria-label={say("area.switch")}
        ref={sheet}
        onKeyDown={walkList}
        onToggle={(toggled) => {
          if ((toggled as unknown as ToggleEvent).newState === "closed") sought.value = "";
          else sheet.current?.querySelector("input")?.focus();
        }}
      >
        <input
          type="search"
          aria-label={say("area.search")}
          placeholder={say("area.search")}
          value={sought.value}
          onInput={(typed) => (sought.value = typed.currentTarget.value)}
        />
        <ul>
          {shown.map((branch) => (
            <Choice
              key={branch.area.id}
              branch={branch}
              on={branch.area.id === entered.id}
              choose={() => void choose(branch.area.id)}
            />
          ))}
        </ul>
        {shown.length === 0 && <p class="empty">{say("area.none")}</p>}
      </div>
    </div>
  );
}
