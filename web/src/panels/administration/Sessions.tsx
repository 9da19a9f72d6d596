/** Where an account is signed in now; each can be ended, and its windows close within two seconds. */

import type { SessionRow } from "../../api/access";
import { say, sayOf, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { Moment } from "../page/fields";
import { Section } from "../parts";

/** A browser and its system as a person knows them, out of the header that it sent. */
export function agentOf(agent: string | null): string {
  const [, name, version] = agent?.match(/(Firefox|Edg|OPR|Chrome|Safari|curl|QGIS|python-httpx)\/(\d+)/) ?? [];
  const system = agent?.match(/Windows|Android|iPhone|Mac OS X|Linux/)?.[0];
  return [name && `${name} ${version}`, system].filter(Boolean).join(", ") || agent?.slice(0, 40) || "—";
}

function Line({ session, end, busy }: { session: SessionRow; end: () => void; busy: boolean }) {
  return (
    <li>
      <span class="what">
        <span>
          {agentOf(session.agent)} {session.current && <span class="best">{say("session.current")}</span>}
        </span>
        <span class="dim">
          {[sayOf("session.means", session.means), session.origin, titleOf(session.area?.name)]
            .filter(Boolean)
            .join(" · ")}
        </span>
        <span class="dim">
          <Moment at={session.started_at} />
        </span>
      </span>
      {!session.current && (
        <button type="button" class="quiet" disabled={busy} onClick={end}>
          {say("session.end")}
        </button>
      )}
    </li>
  );
}

/** The part of an account's panel. */
export function Sessions({ account_id }: { account_id: number }) {
  const { client, desk } = useHouse();
  const trial = useTrial();
  const { value, wrong, again } = useAsked(() => client.sessionsOf(account_id), [account_id]);
  const sessions = value.value?.sessions ?? [];
  async function end(id: number): Promise<void> {
    if (!(await trial.attempt(() => client.endSession(id)))) return;
    desk.tell(say("session.ended"));
    await again();
  }
  return (
    <Section id="account-sessions" title={say("session.title")} aside={<span class="count">{sessions.length}</span>}>
      <ul class="lines">
        {sessions.map((session) => (
          <Line key={session.id} session={session} busy={trial.busy.value} end={() => void end(session.id)} />
        ))}
      </ul>
      {value.value && sessions.length === 0 && <p class="dim">{say("session.none")}</p>}
      <Alert>{trial.wrong.value || wrong.value}</Alert>
    </Section>
  );
}
