/** One unit of the shortlist: how soon, why, and what its leaving costs. */
import type { Proposal } from "../../api/types";
import { STALE_S } from "../../live/fleet";
import { ago, distance, stopwatch } from "../../words/formats";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { ServiceSign } from "../parts";
import { dragFrom } from "./dragging";
import { kindTitle } from "./kinds";

type Props = { proposal: Proposal; best: boolean; may: boolean };

/** Only what is worth telling: a part of a per cent is none. */
function CoverCost({ proposal }: { proposal: Proposal }) {
  const lost = proposal.cover?.lost_share ?? 0;
  if (lost < 0.005) return null;
  return (
    <span class="costs" title={say("proposals.cover_lost_title")}>
      {say("proposals.cover_lost", { n: Math.round(lost * 100) })}
    </span>
  );
}

function Facts({ proposal }: { proposal: Proposal }) {
  const stale = proposal.position_age_s > STALE_S;
  return (
    <span class="dim">
      {kindTitle(proposal.unit.kind)} · {distance(proposal.route_m)} <CoverCost proposal={proposal} />
      {stale && <span class="stale"> {say("proposals.position_age", { age: ago(proposal.position_age_s) })}</span>}
    </span>
  );
}

/** The row: chosen with its box, sent alone with its arrow, dragged by hand. */
export function ProposalRow({ proposal, best, may }: Props) {
  const { desk, sending } = useHouse();
  const { unit } = proposal;
  const chosen = desk.chosen_units.value.has(unit.id);
  const why = proposal.reasons.map(titleOf).join(" ");
  const look = (id: number | null) => () => (desk.hovered_unit.value = id);
  return (
    <li
      class={chosen ? "chosen" : ""}
      onMouseEnter={look(unit.id)}
      onMouseLeave={look(null)}
      onFocusIn={look(unit.id)}
      onFocusOut={look(null)}
      {...dragFrom(sending, may ? unit : null)}
    >
      <label>
        <input
          type="checkbox"
          checked={chosen}
          disabled={!may}
          onChange={() => sending.toggle(unit.id)}
          aria-label={`${unit.call_sign}, ${stopwatch(proposal.eta_s)}`}
        />
        <ServiceSign service={unit.service} status={unit.status} />
        <span class="what">
          <span>
            <b>{unit.call_sign}</b> {best && <span class="best">{say("proposals.best")}</span>}
          </span>
          <Facts proposal={proposal} />
          <span class="dim reason" title={why}>
            {why}
          </span>
        </span>
        <span class={proposal.straight ? "eta straight" : "eta"}>
          {proposal.straight ? "≈ " : ""}
          {stopwatch(proposal.eta_s)}
        </span>
      </label>
      {may && (
        <button
          type="button"
          class="icon one"
          disabled={desk.busy.value}
          aria-label={say("proposals.send_one", { unit: unit.call_sign })}
          title={say("proposals.send_one", { unit: unit.call_sign })}
          onClick={() => void sending.send([unit.id])}
        >
          ➤
        </button>
      )}
    </li>
  );
}
