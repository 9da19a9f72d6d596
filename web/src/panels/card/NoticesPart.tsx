/** Who was told by which channel and what became of it; somebody who says so by phone or radio is written down as knowing. */
import type { Channel, Means, Notice, Told } from "../../api/notices";
import type { Plan } from "../../api/plans";
import type { Incident } from "../../api/types";
import { clock, stopwatch } from "../../words/formats";
import { say, sayOf, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { Fold } from "./Fold";

const MEANS: readonly Means[] = ["phone", "radio", "in_person"];

/** What to show of a chain: its own end, or how far its running step came. */
export function stateOf(told: Told): Notice["state"] {
  if (told.state === "acknowledged" || told.state === "expired") return told.state;
  return told.notices.at(-1)?.state ?? "queued";
}

/** Whether somebody has to look at it: nobody answered, or the way there fails. */
export const isTrouble = (told: Told) => ["failed", "expired"].includes(stateOf(told));

const lastAt = (notice: Notice) => notice.acknowledged_at ?? notice.delivered_at ?? notice.sent_at ?? notice.queued_at;

function Step({ notice, channels }: { notice: Notice; channels: Channel[] }) {
  const channel = channels.find((one) => one.name === notice.channel);
  return (
    <li>
      <span class={`delivery ${notice.state}`}>{sayOf("notice.state", notice.state)}</span>
      <span class="what dim">
        {titleOf(channel?.title) || notice.channel} · {notice.to_name}
        {notice.code && ` · ${notice.code}`}
      </span>
      <time class="dim" dateTime={lastAt(notice)}>
        {clock(lastAt(notice), true)}
      </time>
    </li>
  );
}

function Row({
  told,
  plan,
  channels,
  again,
}: {
  told: Told;
  plan: Plan | null;
  channels: Channel[];
  again: () => void;
}) {
  const { client, desk, now } = useHouse();
  const last = told.notices.at(-1);
  const role = plan?.told.find((one) => one.role === told.to_role)?.title;
  const name = titleOf(role) || last?.to_name || told.to_role?.replaceAll("_", " ") || "—";
  const state = stateOf(told);
  const left_s = told.due_at ? (new Date(told.due_at).getTime() - now.value) / 1000 : null;
  async function acknowledge(means: Means): Promise<void> {
    if (last) await desk.act(() => client.acknowledgeNotice(last.id, means));
    again();
  }
  return (
    <li class="chain">
      <p class="line">
        <b class="what">{name}</b>
        <span class={`delivery ${state}`}>{sayOf("notice.state", state)}</span>
      </p>
      {told.ended_by && (
        <p class="dim">
          {told.ended_by}
          {told.ended_how && ` · ${sayOf("notice.means", told.ended_how)}`}
          {told.ended_at && ` · ${clock(told.ended_at, true)}`}
        </p>
      )}
      {told.notices.length > 0 && (
        <ol>
          {told.notices.map((notice) => (
            <Step key={notice.id} notice={notice} channels={channels} />
          ))}
        </ol>
      )}
      {told.state === "open" && left_s !== null && left_s > 0 && (
        <p class="dim">{say("notice.goes_on", { in: stopwatch(left_s) })}</p>
      )}
      {told.state !== "acknowledged" && last && desk.may("notices.acknowledge") && (
        <p class="line knows" role="group" aria-label={say("notice.knows", { who: name })}>
          <span class="dim">{say("notice.knows_by")}</span>
          {MEANS.map((means) => (
            <button type="button" key={means} disabled={desk.busy.value} onClick={() => void acknowledge(means)}>
              {sayOf("notice.means", means)}
            </button>
          ))}
        </p>
      )}
    </li>
  );
}

/** The part of the card; it opens by itself where somebody was not reached. */
export function NoticesPart({ incident, plan }: { incident: Incident; plan: Plan | null }) {
  const { client } = useHouse();
  const { value, again } = useAsked(() => client.notices(incident.id), [incident]);
  const found = value.value;
  if (!found || found.notices.length === 0) return null;
  const troubles = found.notices.filter(isTrouble).length;
  const known = found.notices.filter((told) => told.state === "acknowledged").length;
  return (
    <Fold
      id="card-notices"
      title={say("notice.title")}
      shut
      urgent={troubles > 0 && !["closed", "cancelled", "merged"].includes(incident.state)}
      aside={
        <span class={troubles > 0 ? "stale" : "dim"}>
          {troubles > 0
            ? say("notice.troubles", { n: troubles })
            : say("notice.known", { n: known, of: found.notices.length })}
        </span>
      }
    >
      <ul class="chains">
        {found.notices.map((told) => (
          <Row key={told.id} told={told} plan={plan} channels={found.channels} again={() => void again()} />
        ))}
      </ul>
    </Fold>
  );
}
