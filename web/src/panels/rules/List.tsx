/** The rules and masks of the camera; one is chosen, another is made. */
import type { Rule } from "../../api/rules";
import { say, titleOf } from "../../words/words";
import { added, faultsAt, type Item, undrawn, viewOf } from "./draft";
import type { Work } from "./work";

/** What people call a rule: its own name after its function's. */
export function calledOf({ function: name, name: own }: Rule, work: Work): string {
  const known = work.functions[name];
  return [known ? titleOf(known.title) : name, own].filter(Boolean).join(" · ");
}

/** What is to be looked at before it can be saved, or why it was not. */
function Lack({ item, work }: { item: Item; work: Work }) {
  const rule = item.part === "rules" ? work.draft.value.rules[item.index] : null;
  const mask = item.part === "masks" ? work.draft.value.masks[item.index] : null;
  const lacks = rule ? undrawn(rule, item.index, work.functions) !== null : mask?.polygon.length === 0;
  const faulty = faultsAt(work.faults.value, `${item.part}[${item.index}]`).length > 0;
  if (!lacks && !faulty) return null;
  return (
    <span class="doubt">
      {" "}
      <span aria-hidden="true">⚠</span> {say(faulty ? "rules.faulty" : "rules.undrawn")}
    </span>
  );
}

function Row({ item, work, called }: { item: Item; work: Work; called: string }) {
  const chosen = work.chosen.value;
  const on = chosen?.part === item.part && chosen.index === item.index;
  return (
    <li>
      <button type="button" class="quiet" aria-current={on} onClick={() => work.choose(item)}>
        {item.index + 1}. {called}
        <Lack item={item} work={work} />
      </button>
    </li>
  );
}

/** The two lists. */
export function List({ work, may }: { work: Work; may: boolean }) {
  const { rules, masks } = work.draft.value;
  function addRule(): void {
    const first = work.functions.zone_motion ?? Object.values(work.functions)[0];
    if (!first) return;
    work.take(added(work.draft.peek(), { function: first.name, settings: {} }));
    work.choose({ part: "rules", index: rules.length });
  }
  function addMask(): void {
    work.take({ rules, masks: [...masks, { polygon: [], kind: "privacy", ...viewOf(work.base.peek()) }] });
    work.draw({ part: "masks", index: masks.length });
  }
  return (
    <nav class="rules-list" aria-label={say("rules.title")}>
      <h4>{say("rules.list")}</h4>
      {rules.length === 0 && <p class="dim">{say("rules.no_rules")}</p>}
      <ul>
        {rules.map((rule, index) => (
          <Row key={index} item={{ part: "rules", index }} work={work} called={calledOf(rule, work)} />
        ))}
      </ul>
      {may && (
        <button type="button" onClick={addRule}>
          + {say("rules.add_rule")}
        </button>
      )}
      <h4>{say("rules.masks")}</h4>
      {masks.length === 0 && <p class="dim">{say("rules.no_masks")}</p>}
      <ul>
        {masks.map((mask, index) => (
          <Row
            key={index}
            item={{ part: "masks", index }}
            work={work}
            called={mask.why || say(`rules.kind.${mask.kind ?? "analysis"}`)}
          />
        ))}
      </ul>
      {may && (
        <button type="button" onClick={addMask}>
          + {say("rules.add_mask")}
        </button>
      )}
    </nav>
  );
}
