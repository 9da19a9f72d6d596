/** The unit and the phone: duty, position, waking, how the page looks, what is unsent, and going out. */
import { useSignal } from "@preact/signals";
import { clock, span } from "../words/formats";
import { LANGUAGES, language, say, speak, titleOf } from "../words/words";
import { actTitle } from "./acts";
import { chooseLook, LOOKS, look } from "./look";
import { usePage } from "./page";
import { Reasons } from "./Reasons";
import { statusHeading, statusTitle } from "./words";

const DUTIES = ["on", "break", "out_of_service", "off"] as const;
/** The server takes it with a reason alone. */
const NEEDS_REASON = "out_of_service";
const NAMES = { kk: "Қазақша", ru: "Русский", en: "English" } as const;

function Duty() {
  const { crew, act } = usePage();
  const asking = useSignal<string | null>(null);
  const here = crew.here.value;
  if (!here) return null;
  const may = here.duty_waiting ? DUTIES : (crew.heard.value?.answer.unit.duties ?? DUTIES);
  const named = crew.heard.value?.answer.reasons ?? [];
  function turn(duty: string, reason?: string): void {
    act({ kind: "duty", duty, ...(reason && { reason }) });
    asking.value = null;
  }
  function choose(duty: string): void {
    if (duty === here?.duty) return;
    if (duty === NEEDS_REASON || named.some(({ means }) => means.duty === duty)) asking.value = duty;
    else turn(duty);
  }
  const asked = asking.value;
  return (
    <section aria-labelledby="duty-title">
      <h2 id="duty-title">{say("crew.duty")}</h2>
      {here.duty_waiting && <em class="not-sent">{say("crew.not_sent")}</em>}
      {asked ? (
        <Reasons
          title={say("crew.duty_why", { duty: statusTitle(asked) })}
          of={{ duty: asked }}
          submit={statusHeading(asked)}
          optional={asked !== NEEDS_REASON}
          done={(reason) => turn(asked, reason)}
          cancel={() => (asking.value = null)}
        />
      ) : (
        <div class="choices duties">
          {DUTIES.map((duty) => (
            <button
              type="button"
              key={duty}
              aria-pressed={duty === here.duty}
              disabled={duty !== here.duty && !may.includes(duty)}
              onClick={() => choose(duty)}
            >
              {statusHeading(duty)}
            </button>
          ))}
        </div>
      )}
    </section>
  );
}

function PlaceState() {
  const { places, now } = usePage();
  const here = places.here.value;
  const unsent = places.unsent.value;
  return (
    <section aria-labelledby="place-title">
      <h2 id="place-title">{say("crew.place")}</h2>
      <p>
        {say(`crew.place.${places.grade.value}`)}
        {here &&
          ` · ${say("crew.place_age", { age: span((now.value - here.at_ms) / 1000), m: Math.round(here.accuracy_m) })}`}
      </p>
      {unsent > 0 && <p class="dim">{say("crew.place_unsent", { n: unsent })}</p>}
    </section>
  );
}

function Waking() {
  const { push } = usePage();
  const state = push.state.value;
  return (
    <section aria-labelledby="push-title">
      <h2 id="push-title">{say("crew.push")}</h2>
      <p>{say(`crew.push.${state}`)}</p>
      {(state === "off" || state === "failed") && (
        <button type="button" onClick={() => void push.turnOn()}>
          {say("crew.push_on")}
        </button>
      )}
      {state === "on" && (
        <button type="button" onClick={() => void push.turnOff()}>
          {say("crew.push_off")}
        </button>
      )}
    </section>
  );
}

/** The three languages; on the sign-in too. */
export function Languages() {
  return (
    <div class="choices" role="group" aria-label={say("language")}>
      {LANGUAGES.map((one) => (
        <button type="button" key={one} lang={one} aria-pressed={one === language.value} onClick={() => speak(one)}>
          {NAMES[one]}
        </button>
      ))}
    </div>
  );
}

function Looks() {
  return (
    <section aria-labelledby="look-title">
      <h2 id="look-title">{say("crew.look")}</h2>
      <div class="choices">
        {LOOKS.map((one) => (
          <button type="button" key={one} aria-pressed={one === look.value} onClick={() => chooseLook(one)}>
            {say(`crew.look.${one}`)}
          </button>
        ))}
      </div>
      <Languages />
    </section>
  );
}

function Unsent() {
  const { outbox } = usePage();
  const waiting = outbox.waiting.value;
  if (waiting.length === 0) return null;
  return (
    <section aria-labelledby="unsent-title">
      <h2 id="unsent-title">{say("crew.unsent")}</h2>
      <ol class="unsent-list">
        {waiting.map((entry) => (
          <li key={entry.n}>
            <time dateTime={entry.at}>{clock(entry.at, true)}</time> {actTitle(entry.act)}
            {entry.tries > 0 && <span class="dim"> · {say("crew.tries", { n: entry.tries })}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Leave() {
  const { crew, outbox } = usePage();
  const sure = useSignal(false);
  const unsent = outbox.waiting.value.length;
  function leave(): void {
    if (unsent > 0 && !sure.value) sure.value = true;
    else void crew.leave();
  }
  return (
    <section>
      {sure.value && unsent > 0 && <p class="wrong">{say("crew.leave_unsent", { n: unsent })}</p>}
      <button type="button" class="quiet" onClick={leave}>
        {sure.value ? say("crew.leave_anyway") : say("crew.leave")}
      </button>
    </section>
  );
}

function Who() {
  const { crew } = usePage();
  const answer = crew.heard.value?.answer;
  return (
    <p class="who">
      <strong>{answer?.unit.call_sign}</strong>
      <span>
        {[answer?.unit.radio_name, titleOf(answer?.unit.label), crew.person.value?.name].filter(Boolean).join(" · ")}
      </span>
    </p>
  );
}

/** The tab. */
export function UnitTab() {
  return (
    <>
      <Who />
      <Duty />
      <Unsent />
      <PlaceState />
      <Waking />
      <Looks />
      <Leave />
    </>
  );
}
