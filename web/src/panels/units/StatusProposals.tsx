/** What a position proposes of a status: somebody takes it or drops it, nothing happens by itself. */
import type { StatusProposal } from "../../api/units";
import { clock } from "../../words/formats";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { useStatusTitle } from "../parts";

function Row({ proposal, named }: { proposal: StatusProposal; named: boolean }) {
  const { crews, desk } = useHouse();
  const status = useStatusTitle();
  return (
    <li class="proposed">
      <span class="what">
        <span>
          {named && <b>{proposal.unit.call_sign} </b>}
          {say("unit.proposed", { status: status(proposal.status) })}
        </span>
        <span class="dim">
          {titleOf(proposal.reason)} · {clock(proposal.at, true)}
        </span>
      </span>
      <button type="button" disabled={desk.busy.value} onClick={() => void crews.take(proposal)}>
        {say("unit.proposal_take")}
      </button>
      <button type="button" class="quiet" disabled={desk.busy.value} onClick={() => void crews.drop(proposal)}>
        {say("unit.proposal_drop")}
      </button>
    </li>
  );
}

/** Those of one dispatch or one unit; nothing where none waits. */
export function StatusProposals({ proposals, named = false }: { proposals: StatusProposal[]; named?: boolean }) {
  if (proposals.length === 0) return null;
  return (
    <ul class="proposals-of-status" aria-label={say("unit.proposals")}>
      {proposals.map((proposal) => (
        <Row key={proposal.id} proposal={proposal} named={named} />
      ))}
    </ul>
  );
}
