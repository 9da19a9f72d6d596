/** Saving: what is not saved yet, what the server says against it, and what somebody else saved meanwhile. */
import { Refused } from "../../api/ask";
import type { Fault, RuledCamera } from "../../api/rules";
import { say } from "../../words/words";
import { Alert } from "../Alert";
import { useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { itemOf, sent } from "./draft";
import { saidOf } from "./faults";
import { calledOf } from "./List";
import type { Work } from "./work";

/** The faults, each leading to its rule or mask. */
function Faults({ work }: { work: Work }) {
  if (work.faults.value.length === 0) return null;
  const rules = work.draft.value.rules;
  return (
    <ul class="faults" aria-label={say("rules.faults")}>
      {work.faults.value.map((fault) => {
        const item = itemOf(fault.where);
        const rule = item?.part === "rules" ? rules[item.index] : null;
        return (
          <li key={fault.where + fault.problem.en}>
            <button type="button" class="link" title={fault.where} disabled={!item} onClick={() => work.choose(item)}>
              {rule ? `${(item?.index ?? 0) + 1}. ${calledOf(rule, work)}` : fault.where}
            </button>{" "}
            {saidOf(fault)}
          </li>
        );
      })}
    </ul>
  );
}

function Theirs({ work, theirs }: { work: Work; theirs: RuledCamera }) {
  const rules = theirs.rules.map((rule) => calledOf(rule, work)).join(", ") || say("rules.no_rules");
  return (
    <div class="hint" role="alert">
      <p>{say("rules.theirs", { what: say("rules.theirs_what", { rules, n: theirs.masks.length }) })}</p>
      <p class="acts">
        <button type="button" onClick={() => work.adopt(theirs, true)}>
          {say("rules.take_theirs")}
        </button>
        <button type="button" onClick={() => work.adopt(theirs, false)}>
          {say("rules.keep_mine")}
        </button>
      </p>
    </div>
  );
}

/** The bar under the picture. */
export function Saving({ work }: { work: Work }) {
  const { client, desk } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  const { id, code } = work.base.value;
  const [changed, theirs] = [work.changed.value, work.theirs.value];

  /** A refusal may say where the faults are, or that somebody was quicker: then what they saved is asked for. */
  async function learn(error: unknown): Promise<never> {
    if (error instanceof Refused) {
      work.faults.value = (error.details.faults as Fault[] | undefined) ?? [];
      if (error.code === "rules_changed") work.theirs.value = await client.ruledCamera(id);
    }
    throw error;
  }
  async function save(): Promise<void> {
    const draft = work.draft.peek();
    const version = work.base.peek().rules_version;
    const saved = await attempt(() =>
      client.giveRules(id, sent(draft.rules, work.functions), draft.masks, version).catch(learn),
    );
    if (!saved) return;
    work.adopt(saved.done, work.draft.peek() === draft); // what was changed while it was being saved stays
    desk.tell(say("rules.saved", { code }));
  }
  function reset(): void {
    work.adopt(work.base.peek(), true);
  }
  return (
    <div class="saving">
      {theirs && <Theirs work={work} theirs={theirs} />}
      <p class="acts">
        <button
          type="button"
          class="primary"
          disabled={!changed || !!theirs || busy.value}
          aria-describedby="rules-unsaved"
          onClick={() => void save()}
        >
          {say("rules.save")}
        </button>
        <button type="button" disabled={work.past.value.length === 0} aria-keyshortcuts="Control+Z" onClick={work.undo}>
          {say("rules.undo")}
        </button>
        <button type="button" disabled={!changed} onClick={reset}>
          {say("rules.reset")}
        </button>
        <span class="dim" id="rules-unsaved" role="status">
          {changed && say("rules.unsaved")}
        </span>
      </p>
      <Alert>{theirs ? "" : wrong.value}</Alert>
      <Faults work={work} />
    </div>
  );
}
