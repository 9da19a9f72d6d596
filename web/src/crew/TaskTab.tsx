/** The task: what, where, what to beware of, and the buttons by which the crew tells how far it is. */
import { useSignal } from "@preact/signals";
import { Badge } from "../panels/parts";
import { clock, stopwatch } from "../words/formats";
import { say, titleOf } from "../words/words";
import { buttonsOf } from "./flow";
import type { ShownTask } from "./overlay";
import { usePage } from "./page";
import { Reasons } from "./Reasons";
import { doTitle, noteText, ownWord, statusHeading, whereOf } from "./words";

function Incident({ task }: { task: ShownTask }) {
  const { incident } = task;
  return (
    <article class={`incident p${incident.priority}`}>
      <header>
        <Badge priority={incident.priority} size={40} />
        <div>
          <h2>{titleOf(incident.title) || incident.category}</h2>
          <p class="dim">{incident.number}</p>
        </div>
      </header>
      {task.diverted_from && (
        <p class="diverted" role="status">
          {say("crew.diverted_from", { number: task.diverted_from })}
        </p>
      )}
      <p class="address">{whereOf(incident)}</p>
      {incident.hazards.length > 0 && (
        <ul class="hazards" aria-label={say("crew.hazards")}>
          {incident.hazards.map((one) => (
            <li key={noteText(one)}>{noteText(one)}</li>
          ))}
        </ul>
      )}
      {incident.description && <p class="description">{incident.description}</p>}
    </article>
  );
}

function useOwnWord(): (status: string) => string | null {
  const words = usePage().crew.heard.value?.answer.reasons ?? [];
  return (status) => ownWord(words, status);
}

/** Where the unit stands with it, since when, and whether the server knows. */
function Progress({ task }: { task: ShownTask }) {
  const { now } = usePage();
  const own = useOwnWord();
  const since_s = (now.value - Date.parse(task.since)) / 1000;
  return (
    <p class={`progress ${task.status}`}>
      <strong>{own(task.status) ?? statusHeading(task.status)}</strong>
      <span>{stopwatch(since_s)}</span>
      {task.eta_at && task.status === "enroute" && <span>{say("crew.eta", { at: clock(task.eta_at) })}</span>}
      {task.waiting && <em class="not-sent">{say("crew.not_sent")}</em>}
    </p>
  );
}

/** Until when it is to be accepted; late is said as late. */
function AcceptBy({ task }: { task: ShownTask }) {
  const { now } = usePage();
  if (!task.acknowledge_by || task.status !== "dispatched") return null;
  const left_s = (Date.parse(task.acknowledge_by) - now.value) / 1000;
  return <small>{left_s > 0 ? say("crew.accept_in", { left: stopwatch(left_s) }) : say("crew.accept_late")}</small>;
}

function Buttons({ task }: { task: ShownTask }) {
  const { act, places } = usePage();
  const own = useOwnWord();
  const refusing = useSignal(false);
  const { main, others, refuse } = buttonsOf(task.next);
  function press(status: string, reason?: string): void {
    const place = places.place();
    act({ kind: "status", dispatch_id: task.id, status, ...(reason && { reason }), ...(place && { place }) });
  }
  if (refusing.value)
    return (
      <Reasons
        title={say("crew.refuse_why")}
        of={{ status: "refused" }}
        submit={doTitle("refused")}
        done={(reason) => press("refused", reason)}
        cancel={() => (refusing.value = false)}
      />
    );
  return (
    <div class="buttons">
      {main && (
        <button type="button" class="main" onClick={() => press(main)}>
          {own(main) ?? doTitle(main)}
          <AcceptBy task={task} />
        </button>
      )}
      {others.map((status) => (
        <button type="button" key={status} onClick={() => press(status)}>
          {own(status) ?? doTitle(status)}
        </button>
      ))}
      {refuse && (
        <button type="button" class="quiet" onClick={() => (refusing.value = true)}>
          {doTitle("refused")}
        </button>
      )}
    </div>
  );
}

function NoTask() {
  const { crew } = usePage();
  const heard = crew.heard.value;
  return (
    <div class="empty">
      <strong>{say("crew.no_task")}</strong>
      {heard && <span class="dim">{say("crew.heard_at", { at: clock(heard.at_ms, true) })}</span>}
      {heard?.answer.shift && (
        <span class="dim">{say("crew.shift_until", { at: clock(heard.answer.shift.ends_at) })}</span>
      )}
    </div>
  );
}

/** The tab. */
export function TaskTab() {
  const task = usePage().crew.here.value?.task;
  if (!task) return <NoTask />;
  return (
    <>
      <Incident task={task} />
      <div class="dock">
        <Progress task={task} />
        <Buttons key={`${task.id} ${task.status}`} task={task} />
      </div>
    </>
  );
}
