/** The door for people: name and password, the second factor where one is owed, or another house that vouches. */
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Refused } from "../api/ask";
import { say, sayOf, titleOf } from "../words/words";
import { Owed, Password } from "./dialogs/signing";
import { type Trial, useTrial } from "./dialogs/trial";
import { useHouse } from "./house";
import { Mark } from "./Mark";
import { LanguageSwitch } from "./TopBar";

/** Why the sign-in is there although somebody was signed in. */
function WhyEnded() {
  const ended = useHouse().access.ended.value;
  if (!ended) return null;
  if (ended.why === "ended" && ended.refused.code === "area_closed")
    return (
      <p class="ended" role="status">
        {titleOf(ended.refused.title)} <span class="dim">{say("signin.area_closed_who")}</span>
      </p>
    );
  return (
    <p class="ended" role="status">
      {ended.why === "shift_over" ? say("signin.shift_over") : say("signin.ended")}{" "}
      <span class="dim">{say("signin.kept")}</span>
    </p>
  );
}

/** The button to the provider; nothing where the server names none. */
function Provider() {
  const { client } = useHouse();
  const known = useSignal(false);
  useEffect(() => {
    client.providers().then(
      ({ oidc }) => (known.value = oidc),
      () => undefined, // a server that knows no providers
    );
  }, []);
  if (!known.value) return null;
  return (
    <a class="provider" href="/api/session/oidc">
      {say("signin.provider")}
    </a>
  );
}

/** Name and password, whose refusal may need more than its sentence, or the provider. */
function ByPassword({ trial, typed }: { trial: Trial; typed: (password: string) => void }) {
  const { client, access } = useHouse();
  const code = useSignal("");
  async function signIn(user: string, password: string): Promise<void> {
    typed(password);
    code.value = "";
    await client
      .signIn(user, password)
      .then(access.enter)
      .catch((error) => {
        code.value = error instanceof Refused ? error.code : "";
        throw error;
      });
  }
  return (
    <Password trial={trial} name={access.last_name.value} signIn={signIn}>
      {code.value === "locked" && <p class="dim">{say("signin.locked_who")}</p>}
      {code.value === "area_closed" && <p class="dim">{say("signin.area_closed_who")}</p>}
      <Provider />
    </Password>
  );
}

/** The page; a provider that refused comes back with its code in the address. */
export function SignIn() {
  const { client, access } = useHouse();
  const trial = useTrial();
  const typed = useSignal("");
  const waiting = access.waiting.value;
  const door = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const code = new URLSearchParams(location.search).get("refused");
    if (!code) return;
    trial.wrong.value = sayOf("signin.refused", code);
    history.replaceState(null, "", `${location.pathname}${location.hash}`);
  }, []);
  const needs = waiting?.needs;
  useLayoutEffect(() => {
    const fields = [...(door.current?.querySelectorAll<HTMLInputElement>("form input") ?? [])];
    (fields.find((field) => field.value === "") ?? fields[0])?.focus();
  }, [needs]);
  return (
    <main class="signin">
      <div class="door" ref={door}>
        <Mark size={56} />
        <h1 id="signin-title">{say("app.title")}</h1>
        <p class="dim">{say("app.tagline")}</p>
        {!waiting && <WhyEnded />}
        {!waiting && <ByPassword trial={trial} typed={(password) => (typed.value = password)} />}
        {waiting && <Owed entrance={{ ...access, client }} session={waiting} old={typed.value} trial={trial} />}
        <LanguageSwitch />
      </div>
    </main>
  );
}
