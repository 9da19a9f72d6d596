/** Who called: masked by the server, and shown whole to whoever says why; what the phone reported before. */
import { useSignal } from "@preact/signals";
import type { Caller, CallerHistory, Incident } from "../api/types";
import { date } from "../words/formats";
import { say } from "../words/words";
import { CallsAlone } from "./card/PastByKind";
import { useHouse } from "./house";
import { Badge, useCategoryTitle } from "./parts";

function Past({ incidents, calls }: CallerHistory) {
  const { desk } = useHouse();
  const category = useCategoryTitle();
  return (
    <>
      <CallsAlone calls={calls} />
      {incidents.length === 0 && <p class="dim">{say("caller.no_history")}</p>}
      <ul class="past" aria-label={say("caller.history")}>
        {incidents.map((incident) => (
          <li key={incident.id}>
            <Badge priority={incident.priority} size={18} />
            <button type="button" class="link" onClick={() => desk.openIncident(incident.id)}>
              {category(incident.category)}
            </button>
            <span class="dim">{incident.number}</span>
            <span class="dim">{date(incident.opened_at)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The caller's lines on the card. What is shown whole is forgotten when the card closes. */
export function CallerLine({ incident, masked }: { incident: Incident; masked: Caller }) {
  const { client, desk } = useHouse();
  const past = useSignal<CallerHistory | null>(null);
  const whole = desk.caller.value;
  const caller = whole ?? masked;
  async function show(): Promise<Caller | null> {
    const told = desk.caller.value ?? (await desk.act(() => client.caller(incident.id)));
    if (told && desk.opened_id.value === incident.id) desk.caller.value = told;
    return told;
  }
  async function search(): Promise<void> {
    const phone = (await show())?.phone;
    const answer = phone && (await desk.act(() => client.callerHistory(incident.id, phone)));
    if (answer) past.value = { ...answer, incidents: answer.incidents.filter((one) => one.id !== incident.id) };
  }
  if (!caller.name && !caller.phone) return null;
  return (
    <div class="caller">
      <p class="line">
        <span>
          {say("incident.caller", { name: caller.name ?? "" })} <span class="phone">{caller.phone}</span>
        </span>
        {!whole && desk.may("incidents.caller") && (
          <button type="button" class="link" title={say("caller.show_why")} onClick={() => void show()}>
            {say("caller.show")}
          </button>
        )}
      </p>
      {caller.phone && past.value === null && desk.may("callers.history") && (
        <button type="button" class="link" onClick={() => void search()}>
          {say("caller.history")}
        </button>
      )}
      {past.value && <Past {...past.value} />}
    </div>
  );
}
