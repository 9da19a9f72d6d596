/** Who should go: the quickest by road, why a nearer one was passed over, and what is missing. */
import type { PassedOver, Proposal } from "../api/types";
import { STALE_S } from "../live/fleet";
import { ago, distance, stopwatch } from "../words/formats";
import { say, titleOf } from "../words/words";
import { useHouse } from "./house";
import { Key, Section, ServiceSign, useServiceTitle } from "./parts";

function Row({ proposal, best, may }: { proposal: Proposal; best: boolean; may: boolean }) {
  const { desk } = useHouse();
  const { unit } = proposal;
  const chosen = desk.chosen_units.value.has(unit.id);
  function choose(): void {
    const next = new Set(desk.chosen_units.value);
    if (!next.delete(unit.id)) next.add(unit.id);
    desk.chosen_units.value = next;
  }
  const why = proposal.reasons.map(titleOf).join(" ");
  const look = (id: number | null) => () => (desk.hovered_unit.value = id);
  return (
    <li
      class={chosen ? "chosen" : ""}
      onMouseEnter={look(unit.id)}
      onMouseLeave={look(null)}
      onFocusIn={look(unit.id)}
      onFocusOut={look(null)}
    >
      <label>
        <input
          type="checkbox"
          checked={chosen}
          disabled={!may}
          onChange={choose}
          aria-label={`${unit.call_sign}, ${stopwatch(proposal.eta_s)}`}
        />
        <ServiceSign service={unit.service} status={unit.status} />
        <span class="what">
          <span>
            <b>{unit.call_sign}</b> {best && <span class="best">{say("proposals.best")}</span>}
          </span>
          <span class="dim">
            {distance(proposal.route_m)} ·{" "}
            <span class={proposal.position_age_s > STALE_S ? "stale" : ""}>
              {say("proposals.position_age", { age: ago(proposal.position_age_s) })}
            </span>
          </span>
          {why && (
            <span class="dim reason" title={why}>
              {why}
            </span>
          )}
        </span>
        <span class="eta">
          {proposal.straight ? "≈ " : ""}
          {stopwatch(proposal.eta_s)}
        </span>
      </label>
    </li>
  );
}

function Passed({ over }: { over: PassedOver[] }) {
  if (over.length === 0) return null;
  return (
    <details class="passed">
      <summary>{say("proposals.passed_over", { n: over.length })}</summary>
      <ul>
        {over.map((one) => (
          <li key={one.unit.id}>
            <b>{one.unit.call_sign}</b>{" "}
            <span class="dim">
              {distance(one.straight_m)}
              {one.eta_s !== null && ` · ${stopwatch(one.eta_s)}`}
            </span>
            <span class="dim reason">{titleOf(one.reason)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The part of the card. */
export function ProposalList({ may }: { may: boolean }) {
  const { desk, operations } = useHouse();
  const service = useServiceTitle();
  const found = desk.proposals.value;
  const chosen = desk.chosen_units.value.size;
  const refresh = (
    <span class="aside">
      {found && (
        <span class="dim">{found.straight ? "" : say("proposals.by_road", { ms: Math.round(found.took_ms) })}</span>
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
  return (
    <Section id="card-proposals" title={say("proposals.title")} aside={refresh}>
      {!found && <p class="dim">{say("proposals.busy")}</p>}
      {found?.straight && <p class="warn">{say("proposals.straight")}</p>}
      {found?.shortfall.map((short) => (
        <p class="warn" key={short.service}>
          {say("proposals.shortfall", {
            service: service(short.service),
            wanted: short.wanted,
            found: short.found,
          })}
        </p>
      ))}
      {found?.proposals.length === 0 && <p class="dim">{say("proposals.none")}</p>}
      <ul class="proposals">
        {found?.proposals.map((proposal, i) => (
          <Row key={proposal.unit.id} proposal={proposal} best={i === 0} may={may} />
        ))}
      </ul>
      {may && found && found.proposals.length > 0 && (
        <button
          type="button"
          class="primary wide"
          disabled={chosen === 0 || desk.busy.value}
          onClick={() => void operations.dispatch([...desk.chosen_units.value])}
        >
          {chosen === 0 ? say("proposals.dispatch_none") : say("proposals.dispatch", { n: chosen })} <Key name="D" />
        </button>
      )}
      {found && <Passed over={found.passed_over} />}
    </Section>
  );
}
