/** What is shared sideways: given by one's own areas, and given to them, each until its time is over. */

import { useSignal } from "@preact/signals";
import type { Grant } from "../../api/access";
import { say, sayOf, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { Moment } from "../page/fields";
import { Section } from "../parts";
import { NewGrant } from "./NewGrant";

/** Where a grant stands at a moment. */
export function grantState(grant: Grant, now_ms: number): "holds" | "coming" | "over" | "revoked" {
  if (grant.revoked_at) return "revoked";
  if (new Date(grant.ends_at).getTime() <= now_ms) return "over";
  return new Date(grant.begins_at).getTime() > now_ms ? "coming" : "holds";
}

function Row({ grant, revoke, busy }: { grant: Grant; revoke: (() => void) | null; busy: boolean }) {
  const state = grantState(grant, useHouse().now.value);
  const running = state === "holds" || state === "coming";
  return (
    <tr class={running ? "" : "over"}>
      <th scope="row">
        {titleOf(grant.area.name)} → {titleOf(grant.to.name)}
      </th>
      <td>{grant.incident_number ?? say("grant.whole_area")}</td>
      <td>
        {grant.reason} <span class="dim">{grant.given_by}</span>
      </td>
      <td>
        <Moment at={grant.ends_at} />
      </td>
      <td>
        <span class={`status ${state === "holds" ? "free" : "away"}`}>{sayOf("grant.state", state)}</span>
      </td>
      <td class="end">
        {revoke && running && (
          <button type="button" class="quiet" disabled={busy} onClick={revoke}>
            {say("grant.revoke")}
          </button>
        )}
      </td>
    </tr>
  );
}

function Table(props: { grants: Grant[]; revoke: ((id: number) => void) | null; busy: boolean }) {
  const { grants, revoke, busy } = props;
  if (grants.length === 0) return <p class="empty">{say("grant.none")}</p>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{say("grant.from_to")}</th>
          <th scope="col">{say("grant.what")}</th>
          <th scope="col">{say("grant.reason")}</th>
          <th scope="col">{say("grant.until")}</th>
          <th scope="col">{say("account.state")}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {grants.map((grant) => (
          <Row key={grant.id} grant={grant} busy={busy} revoke={revoke && (() => revoke(grant.id))} />
        ))}
      </tbody>
    </table>
  );
}

/** The part of the page. */
export function Grants() {
  const { client, desk, now } = useHouse();
  const { value, wrong, again } = useAsked(client.grants);
  const trial = useTrial();
  const making = useSignal(false);
  const own = new Set(desk.session.value?.areas.map((area) => area.id));
  const past = useSignal(false);
  const running = (grant: Grant) => ["holds", "coming"].includes(grantState(grant, now.value));
  const grants = value.value?.grants.filter((grant) => past.value || running(grant)) ?? [];
  const writes = desk.may("grants.write");
  async function revoke(id: number): Promise<void> {
    if (!(await trial.attempt(() => client.revokeGrant(id)))) return;
    desk.tell(say("grant.revoked"));
    await again();
  }
  return (
    <div class="scrolls single" tabIndex={0} role="group" aria-label={say("admin.grants")}>
      <div class="line spread">
        <p class="dim">{say("grant.how")}</p>
        <label class="tick">
          <input
            type="checkbox"
            checked={past.value}
            onChange={(ticked) => (past.value = ticked.currentTarget.checked)}
          />
          {say("grant.past")}
        </label>
        {writes && (
          <button type="button" class="primary" onClick={() => (making.value = true)}>
            {say("grant.make")}
          </button>
        )}
      </div>
      <Alert>{trial.wrong.value || wrong.value}</Alert>
      <Section id="grants-given" title={say("grant.given")}>
        <Table
          grants={grants.filter((grant) => own.has(grant.area.id))}
          busy={trial.busy.value}
          revoke={writes ? (id) => void revoke(id) : null}
        />
      </Section>
      <Section id="grants-received" title={say("grant.received")}>
        <Table grants={grants.filter((grant) => !own.has(grant.area.id))} busy={trial.busy.value} revoke={null} />
      </Section>
      {making.value && <NewGrant close={() => (making.value = false)} made={() => void again()} />}
    </div>
  );
}
