/** The plan of the incident: what it needs and what it lacks, why so, and the checklist. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Need, Plan, Step } from "../../api/plans";
import type { ProposedNeed } from "../../api/types";
import { clock } from "../../words/formats";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { ServiceSign, useServiceTitle, useSkillTitle } from "../parts";
import { Fold } from "./Fold";

const same = (a: readonly string[], b: readonly string[]) => [...a].sort().join() === [...b].sort().join();

/** How many of a need are still to be sent; null where nobody has reckoned yet. */
export function wantedOf(need: Need, proposed: readonly ProposedNeed[]): number | null {
  const own = proposed.find(
    (p) => p.service === need.service && same(p.kinds, need.kinds) && same(p.skills, need.skills),
  );
  return own ? own.wanted : null;
}

function Needed({ need }: { need: Need }) {
  const { desk } = useHouse();
  const [service, skill] = [useServiceTitle(), useSkillTitle()];
  const kinds = need.kinds.map(
    (kind) => titleOf(desk.document.value?.unit_kinds[kind]?.title) || kind.replaceAll("_", " "),
  );
  const wanted = wantedOf(need, desk.proposals.value?.needs ?? []);
  const sent = wanted === null ? null : need.count - wanted;
  return (
    <li>
      <ServiceSign service={need.service} />
      <span class="what">
        {kinds.join(" / ") || service(need.service)}
        {need.skills.length > 0 && <span class="dim"> · {need.skills.map(skill).join(", ")}</span>}
      </span>
      <b class={wanted ? "lacks" : ""} title={wanted ? say("plan.lacks", { n: wanted }) : undefined}>
        {sent === null ? need.count : `${sent} / ${need.count}`}
        {wanted ? <span class="unseen"> {say("plan.lacks", { n: wanted })}</span> : null}
      </b>
    </li>
  );
}

/** Ticked at once, and taken back where the server refuses. */
function Line({ step, may }: { step: Step; may: boolean }) {
  const { life } = useHouse();
  const ticked = useSignal<boolean | null>(null);
  const done = ticked.value ?? step.done;
  useEffect(() => {
    ticked.value = null; // the plan was read again and says it itself
  }, [step.done]);
  async function tick(now: boolean): Promise<void> {
    ticked.value = now;
    if (!(await life.tick(step.item, now))) ticked.value = null;
  }
  return (
    <li>
      <label class={done ? "tick done" : "tick"}>
        <input
          type="checkbox"
          checked={done}
          disabled={!may}
          onChange={(turned) => void tick(turned.currentTarget.checked)}
        />
        <span>
          {titleOf(step.title)}
          {step.done && step.at && (
            <span class="dim">
              {" "}
              {clock(step.at)} · {step.who}
            </span>
          )}
        </span>
      </label>
    </li>
  );
}

/** Its lines under the name of their list. */
export function Checklist({ plan, may }: { plan: Plan; may: boolean }) {
  const lists = [...new Set(plan.checklist.map((step) => step.checklist.en))];
  const done = plan.checklist.filter((step) => step.done).length;
  if (lists.length === 0) return null;
  return (
    <Fold
      id="card-checklist"
      title={say("plan.checklist")}
      aside={
        <span class="count">
          {done} / {plan.checklist.length}
        </span>
      }
    >
      {lists.map((list) => {
        const steps = plan.checklist.filter((step) => step.checklist.en === list);
        return (
          <div class="checklist" key={list}>
            <h4>{titleOf(steps[0]?.checklist)}</h4>
            <ul>
              {steps.map((step) => (
                <Line key={step.item} step={step} may={may} />
              ))}
            </ul>
          </div>
        );
      })}
    </Fold>
  );
}

type Props = { plan: Plan; may: boolean; ask: (what: "alarm" | "recast") => void };

/** The part of the card. */
export function PlanPart({ plan, may, ask }: Props) {
  const { desk } = useHouse();
  const needs = desk.proposals.value?.needs ?? [];
  const lacks = plan.needs.reduce((sum, need) => sum + (wantedOf(need, needs) ?? 0), 0);
  const aside = lacks > 0 ? <span class="stale">{say("plan.lacks", { n: lacks })}</span> : undefined;
  return (
    <Fold id="card-plan" title={say("plan.title")} aside={aside}>
      <p class="line spread">
        <span>
          {plan.highest_alarm > 1 && say("plan.alarm", { n: plan.alarm, of: plan.highest_alarm })}
          {plan.urgency && ` · ${say("plan.urgency", { urgency: plan.urgency })}`}
        </span>
        {may && plan.highest_alarm > 1 && (
          <button type="button" class="link" onClick={() => ask("alarm")}>
            {say("plan.alarm_call")}
          </button>
        )}
      </p>
      <ul class="wants">
        {plan.needs.map((need) => (
          <Needed key={`${need.service} ${need.kinds} ${need.skills}`} need={need} />
        ))}
      </ul>
      {plan.because.length > 0 && (
        <details class="passed">
          <summary>{say("plan.because", { n: plan.because.length })}</summary>
          <ul>
            {plan.because.map((why) => (
              <li key={why.en}>{titleOf(why)}</li>
            ))}
          </ul>
        </details>
      )}
    </Fold>
  );
}
