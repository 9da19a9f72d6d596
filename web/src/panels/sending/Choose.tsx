/** Sending without a mouse: an incident for the unit, or a unit for the incident, typed and chosen. */
import { useSignal } from "@preact/signals";
import type { IncidentBrief, Unit } from "../../api/types";
import { pick } from "../../desk/queue";
import type { Choice } from "../../desk/sending";
import { say, titleOf } from "../../words/words";
import { Dialog } from "../dialogs/Dialog";
import { useHouse } from "../house";
import { Badge, ServiceSign, Status, useCategoryTitle } from "../parts";
import { walkList } from "../walk";
import { kindTitle } from "./kinds";

const MOST = 40; // more is typed, not scrolled

function Incidents({ text, choose }: { text: string; choose: (incident: IncidentBrief) => void }) {
  const { desk } = useHouse();
  const category = useCategoryTitle();
  const words = (one: IncidentBrief) =>
    `${one.number} ${category(one.category)} ${one.address ?? ""} ${titleOf(one.area?.name)}`.toLocaleLowerCase();
  const found = desk.open_incidents.value.filter((one) => words(one).includes(text.trim().toLocaleLowerCase()));
  return (
    <ul class="choices">
      {found.slice(0, MOST).map((one) => (
        <li key={one.id}>
          <button type="button" onClick={() => choose(one)}>
            <Badge priority={one.priority} size={22} />
            <span class="what">
              <b>{category(one.category)}</b>
              <span class="dim">
                {one.number} · {one.address || titleOf(one.area?.name)}
              </span>
            </span>
          </button>
        </li>
      ))}
      {found.length === 0 && <li class="dim">{say("incidents.empty")}</li>}
    </ul>
  );
}

function Units({ text, choose }: { text: string; choose: (unit: Unit) => void }) {
  const { desk } = useHouse();
  const found = pick(desk.units.value.values(), { service: null, status: null, text });
  const free = found.sort((a, b) => Number(a.status !== "free") - Number(b.status !== "free"));
  return (
    <ul class="choices">
      {free.slice(0, MOST).map((unit) => (
        <li key={unit.id}>
          <button type="button" onClick={() => choose(unit)}>
            <ServiceSign service={unit.service} status={unit.status} />
            <span class="what">
              <b>{unit.call_sign}</b>
              <span class="dim">{kindTitle(unit.kind)}</span>
            </span>
            <Status status={unit.status} service={unit.service} />
          </button>
        </li>
      ))}
      {free.length === 0 && <li class="dim">{say("units.empty")}</li>}
    </ul>
  );
}

function Asked({ choice }: { choice: Choice }) {
  const { desk, sending } = useHouse();
  const text = useSignal("");
  const close = () => (sending.choice.value = null);
  const of_unit = "unit_id" in choice;
  const sign = of_unit ? desk.units.value.get(choice.unit_id)?.call_sign : undefined;
  const title = of_unit ? say("sending.where_to", { unit: sign ?? "" }) : say("sending.which_unit");
  return (
    <Dialog title={title} close={close}>
      <div class="stack" role="search" onKeyDown={walkList}>
        <input
          type="search"
          data-first
          aria-label={say(of_unit ? "sending.find_incident" : "units.search")}
          placeholder={say(of_unit ? "sending.find_incident" : "units.search")}
          value={text.value}
          onInput={(typed) => (text.value = typed.currentTarget.value)}
        />
        {of_unit ? (
          <Incidents text={text.value} choose={(one) => void sending.look(choice.unit_id, one.id)} />
        ) : (
          <Units text={text.value} choose={(unit) => void sending.look(unit.id, choice.incident_id)} />
        )}
      </div>
    </Dialog>
  );
}

/** Nothing where nobody is asked. */
export function Choose() {
  const choice = useHouse().sending.choice.value;
  return choice && <Asked choice={choice} />;
}
