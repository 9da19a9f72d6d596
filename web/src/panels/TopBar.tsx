/** The bar on top: where, who, in which language, and how fresh all of it is. */
import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { freshness, silent } from "../live/freshness";
import { ago, span } from "../words/formats";
import { LANGUAGES, language, say, speak } from "../words/words";
import { AccountMenu } from "./header/AccountMenu";
import { AreaSwitch } from "./header/AreaSwitch";
import { HealthBadge } from "./header/HealthBadge";
import { Pages } from "./header/Pages";
import { RegimeSign } from "./header/RegimeSign";
import { ShiftWarning } from "./header/ShiftTime";
import { useHouse } from "./house";
import { Mark } from "./Mark";

const NAMES = { kk: "Қазақша", ru: "Русский", en: "English" } as const;

/** The three languages, one chosen. */
export function LanguageSwitch() {
  return (
    <div class="languages" role="group" aria-label={say("language")}>
      {LANGUAGES.map((one) => (
        <button
          type="button"
          key={one}
          lang={one}
          title={NAMES[one]}
          aria-label={`${one} ${NAMES[one]}`}
          aria-pressed={one === language.value}
          onClick={() => speak(one)}
        >
          {one}
        </button>
      ))}
    </div>
  );
}

/** The whole seconds since the server was last heard: looked at five times a second, told when it is another. */
function useSilence() {
  const { live } = useHouse();
  const silence_s = useSignal(0);
  useEffect(() => {
    const timer = setInterval(() => (silence_s.value = Math.floor((Date.now() - live.heard_ms.value) / 1000)), 200);
    return () => clearInterval(timer);
  }, [live, silence_s]);
  return silence_s;
}

function Freshness() {
  const { live, now } = useHouse();
  const silence_s = useSilence();
  const grade = freshness(silence_s.value, live.connected.value);
  const at = live.positions_at.value;
  const positions = at ? say("live.positions", { age: ago((now.value - new Date(at).getTime()) / 1000) }) : "";
  return (
    <span
      class={`fresh ${grade}`}
      role="img"
      aria-label={`${say("live.title")}: ${say(`live.${grade}`)}`}
      title={`${say("live.title")}. ${positions}`}
    >
      <i aria-hidden="true" />
      <b>{say(`live.${grade}`)}</b> <span class="seconds">{span(silence_s.value)}</span>
    </span>
  );
}

/** Says that no unit has told its position for long, although the server answers. */
function SilentFeed() {
  const { live, now } = useHouse();
  const at = live.positions_at.value;
  if (at === null || !silent(at, now.value)) return null;
  const age_s = (now.value - new Date(at).getTime()) / 1000;
  const told = say("live.positions", { age: ago(age_s) }); // no live region: its age grows each second
  return (
    <span class="silent" title={told}>
      <span class="told">{told}</span>
      <span class="brief" aria-hidden="true">
        ⌖ {span(age_s)}
      </span>
    </span>
  );
}

/** The banner that says what is shown is no longer true. */
export function OfflineBanner() {
  const { live } = useHouse();
  const silence_s = useSilence();
  const offline = useComputed(() => freshness(silence_s.value, live.connected.value) === "offline");
  return (
    <div class="banner" role="alert" hidden={!offline.value}>
      {offline.value && say("live.banner", { age: span(silence_s.value) })}
    </div>
  );
}

/** To what the page is for, past the bar. */
function skip(): void {
  (document.getElementById("page") ?? document.getElementById("queue"))?.focus();
}

/** The bar. */
export function TopBar() {
  const account = useHouse().desk.account.value;
  if (!account) return null;
  return (
    <header class="top">
      <button type="button" class="skip" onClick={skip}>
        {say("skip")}
      </button>
      <Mark />
      <h1>Қыран</h1>
      <AreaSwitch />
      <RegimeSign />
      <Pages />
      <span class="room" />
      {account.demo && <span class="demo">{say("demo")}</span>}
      <ShiftWarning />
      <HealthBadge />
      <SilentFeed />
      <Freshness />
      <LanguageSwitch />
      <AccountMenu />
    </header>
  );
}
