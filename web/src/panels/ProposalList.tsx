/** Who should go: of each need of the plan the best by road, why others are not chosen, and what is missing. */
import type { Proposals } from "../api/types";
import { behind_s, byNeed, isPlan, type NeedRow } from "../desk/plan";
import { say, titleOf } from "../words/words";
import { useHouse } from "./house";
import { Key, Section, ServiceSign, useServiceTitle, useSkillTitle } from "./parts";
import { kindTitle } from "./sending/kinds";
import { PassedOver } from "./sending/PassedOver";
import { ProposalRow } from "./sending/ProposalRow";

function NeedPart({ row, may }: { row: NeedRow; may: boolean }) {
  const [service, skill] = [useServiceTitle(), useSkillTitle()];
  const { need, proposals, shortfall } = row;
  const asked = [...need.kinds.map(kindTitle).sort(), ...need.skills.map(skill)].join(", ");
  return (
    <li class="need">
      <h4>
        <ServiceSign service={need.service} />
        <span class="what">
          {service(need.service)}
          {asked && <span class="dim">{asked}</span>}
        </span>
        <span class={need.wanted > 0 ? "count wanted" : "count"}>
          {need.wanted > 0
            ? say("proposals.wanted", { wanted: need.wanted, asked: need.asked })
            : say("proposals.need_met")}
        </span>
      </h4>
      {shortfall && <p class="warn">{titleOf(shortfall.reason)}</p>}
      <ul class="proposals">
        {proposals.map((proposal) => (
          <ProposalRow
            key={proposal.unit.id}
            proposal={proposal}
            best={behind_s(proposal, proposals) === 0}
            may={may}
          />
        ))}
      </ul>
    </li>
  );
}

/** The one yes stands at the card's foot; here is what changes what it says. */
function Choice({ found }: { found: Proposals }) {
  const { desk, sending } = useHouse();
  const whole = isPlan(desk.chosen_units.value, found);
  return (
    <div class="yes">
      {!whole && found.chosen.length > 0 && (
        <button type="button" onClick={sending.asPlanned}>
          {say("proposals.as_planned")}
        </button>
      )}
      <button type="button" onClick={() => (sending.choice.value = { incident_id: found.incident_id })}>
        {say("sending.other_unit")} <Key name="S" />
      </button>
    </div>
  );
}

/** Another dispatcher was quicker: by whom the unit was sent stays here until the next order. */
function Lost() {
  const { operations } = useHouse();
  const lost = operations.lost.value;
  if (!lost) return null;
  return (
    <div class="lost" role="alert">
      <p>{titleOf(lost.title)}</p>
      <button type="button" class="icon" aria-label={say("close_panel")} onClick={() => (operations.lost.value = null)}>
        ✕
      </button>
    </div>
  );
}

function Aside({ found }: { found: Proposals | null }) {
  const { desk } = useHouse();
  return (
    <span class="aside">
      {found && !found.straight && (
        <span class="dim">{say("proposals.by_road", { ms: Math.round(found.took_ms) })}</span>
      )}
      <button
        type="button"
        class="icon"
        aria-label={say("proposals.refresh")}
        title={say("proposals.refresh")}
        onClick={() => desk.refreshProposals()}
      >
        ↻
      </button>
    </span>
  );
}

/** The part of the card. */
export function ProposalList({ may }: { may: boolean }) {
  const { desk } = useHouse();
  const found = desk.proposals.value;
  return (
    <Section id="card-proposals" title={say("proposals.title")} aside={<Aside found={found} />}>
      <Lost />
      {!found && <p class="dim">{say("proposals.busy")}</p>}
      {found?.straight && (
        <p class="loud" role="alert">
          {say("proposals.straight")}
        </p>
      )}
      {found?.needs.length === 0 && <p class="dim">{say("proposals.no_needs")}</p>}
      <ul class="needs">{found && byNeed(found).map((row, i) => <NeedPart key={i} row={row} may={may} />)}</ul>
      {may && found && <Choice found={found} />}
      {found && <PassedOver over={found.passed_over} may={may} />}
    </Section>
  );
}
