/** What sending a dragged unit would mean, before the yes: how soon, whether the plan asks for it, what it costs. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Dragged } from "../../api/sending";
import { divertedBy, mayGo } from "../../desk/sending";
import { distance, stopwatch } from "../../words/formats";
import { say, sayOf, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { Badge, ServiceSign, useCategoryTitle } from "../parts";
import { kindTitle } from "./kinds";

function Told({ answer }: { answer: Dragged }) {
  const lost = answer.cover?.lost_share ?? 0;
  return (
    <>
      <p class="line spread">
        <span>
          <b class="eta">{answer.eta_s === null ? "—" : `${answer.straight ? "≈ " : ""}${stopwatch(answer.eta_s)}`}</b>{" "}
          {answer.route_m !== null && <span class="dim">{distance(answer.route_m)}</span>}
        </span>
        {lost >= 0.005 && <span class="costs">{say("proposals.cover_lost", { n: Math.round(lost * 100) })}</span>}
      </p>
      {answer.straight && <p class="loud">{say("proposals.straight")}</p>}
      {answer.code && <p class="warn">{sayOf("passed", answer.code)}</p>}
      {answer.need === null && <p class="warn">{say("sending.not_asked")}</p>}
      {answer.reasons.map((reason) => (
        <p class="dim" key={reason.en}>
          {titleOf(reason)}
        </p>
      ))}
    </>
  );
}

function Ends({ answer }: { answer: Dragged | null }) {
  const { desk, sending } = useHouse();
  const go = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => go.current?.focus(), [answer]);
  const ends = answer && divertedBy(answer);
  return (
    <div class="ends">
      <button type="button" onClick={sending.forget}>
        {say("cancel")}
      </button>
      <button
        type="button"
        class={ends ? "danger" : "primary"}
        ref={go}
        disabled={!answer || !mayGo(answer) || desk.busy.value}
        onClick={() => void sending.sendPreviewed()}
      >
        {ends ? say("sending.divert", { number: ends.incident_number }) : say("proposals.dispatch", { n: 1 })}
      </button>
    </div>
  );
}

/** The sheet over the map's foot; the map above it shows the way. */
export function Preview() {
  const { desk, sending } = useHouse();
  const category = useCategoryTitle();
  const shown = sending.preview.value;
  if (!shown) return null;
  const unit = desk.units.value.get(shown.unit_id);
  const incident = desk.incidents.value.get(shown.incident_id);
  return (
    <section class="preview float" role="dialog" aria-label={say("sending.preview")} aria-busy={!shown.answer}>
      <p class="line spread">
        <span>
          {unit && <ServiceSign service={unit.service} status={unit.status} />} <b>{unit?.call_sign}</b>{" "}
          <span class="dim">{unit && kindTitle(unit.kind)}</span>
        </span>
        <span aria-hidden="true">→</span>
        <span class="line">
          {incident && <Badge priority={incident.priority} size={20} />}
          <span>
            <b>{incident?.number}</b> <span class="dim">{incident && category(incident.category)}</span>
          </span>
        </span>
      </p>
      {shown.answer ? <Told answer={shown.answer} /> : <p class="dim">{say("proposals.busy")}</p>}
      <Ends answer={shown.answer} />
    </section>
  );
}
