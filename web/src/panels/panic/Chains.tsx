/** Who is told of a panic that nobody acknowledges: who will be, who was by which channel, and whom nobody reached. */
import type { Told } from "../../api/notices";
import { clock, stopwatch } from "../../words/formats";
import { say, sayOf } from "../../words/words";
import { useHouse } from "../house";

/** What became of one chain; nothing of one that ended before anybody was told. */
export function chainLine(told: Told, now_ms: number): string | null {
  const who = sayOf("recipient", told.to_role ?? "");
  const last = told.notices[0];
  if (last) {
    const at = last.acknowledged_at ?? last.delivered_at ?? last.sent_at ?? last.queued_at;
    const state = told.state === "acknowledged" ? "acknowledged" : last.state;
    const how = `${sayOf("contact.channel", last.channel)} · ${sayOf("notice.state", state)} · ${clock(at, true)}`;
    return `${who}: ${last.to_name} · ${how}`;
  }
  if (told.state === "acknowledged") return `${who}: ${sayOf("notice.state", told.state)}`;
  if (told.state === "expired") return told.ended_how === "unanswered" ? say("panic.nobody_there", { who }) : null;
  const left_s = told.due_at ? (new Date(told.due_at).getTime() - now_ms) / 1000 : 0;
  return left_s > 0 ? say("panic.told_in", { who, left: stopwatch(left_s) }) : say("panic.being_told", { who });
}

/** The lines; they change by the second, so that a reader hears none of them by itself. */
export function Chains({ chains }: { chains: readonly Told[] }) {
  const { now } = useHouse();
  const lines = chains.map((told) => ({ id: told.id, told: chainLine(told, now.value) })).filter(({ told }) => told);
  if (lines.length === 0) return null;
  return (
    <ul class="told-on" aria-live="off" aria-label={say("panic.told_on")}>
      {lines.map(({ id, told }) => (
        <li key={id}>{told}</li>
      ))}
    </ul>
  );
}
