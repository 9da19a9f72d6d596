/** The door for people: name and password, the second factor where one is owed, or another house that vouches. */
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { signWith } from "../access/passkey";
import type { Session } from "../api/access";
import { Refused } from "../api/ask";
import { say, sayOf, titleOf } from "../words/words";
import { NewPasswordFields } from "./dialogs/ChangePassword";
import { digits, PasskeyButton, ProofFields } from "./dialogs/proof";
import { fieldsOf, useTrial } from "./dialogs/trial";
import { useHouse } from "./house";
import { Mark } from "./Mark";
import { LanguageSwitch } from "./TopBar";

type Trial = ReturnType<typeof useTrial>;

function Submit({ trial, children }: { trial: Trial; children: string }) {
  return (
    <>
      <p class="wrong" role="alert">
        {trial.wrong.value}
      </p>
      <button class="primary" type="submit" disabled={trial.busy.value}>
        {trial.busy.value ? say("signin.busy") : children}
      </button>
    </>
  );
}

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

function Password({ trial, typed }: { trial: Trial; typed: (password: string) => void }) {
  const { client, access } = useHouse();
  const code = useSignal("");
  async function enter(submitted: SubmitEvent): Promise<void> {
    const { user = "", password = "" } = fieldsOf(submitted);
    typed(password);
    code.value = "";
    await trial.attempt(async () => {
      await client
        .signIn(user.trim(), password)
        .then(access.enter)
        .catch((error) => {
          code.value = error instanceof Refused ? error.code : "";
          throw error;
        });
    });
  }
  return (
    <form onSubmit={enter} aria-labelledby="signin-title">
      <WhyEnded />
      <label>
        {say("signin.user")}
        <input
          name="user"
          autocomplete="username"
          autocapitalize="off"
          spellcheck={false}
          defaultValue={access.last_name.value}
          required
        />
      </label>
      <label>
        {say("signin.password")}
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <Submit trial={trial}>{say("signin.submit")}</Submit>
      {code.value === "locked" && <p class="dim">{say("signin.locked_who")}</p>}
      {code.value === "area_closed" && <p class="dim">{say("signin.area_closed_who")}</p>}
      <Provider />
    </form>
  );
}

function SecondFactor({ session, trial }: { session: Session; trial: Trial }) {
  const { client, access } = useHouse();
  const means = session.account.second_factors;
  const prove = (proven: () => Promise<Session>) => trial.attempt(async () => access.enter(await proven()));
  const submit = (submitted: SubmitEvent) => prove(() => client.totp(digits(fieldsOf(submitted).code)));
  const passkey = () => prove(async () => client.passkey(await signWith(await client.passkeyOptions())));
  const typed = means.includes("totp");
  return (
    <form onSubmit={submit} aria-labelledby="signin-title">
      <p>{say("signin.second", { name: session.account.name })}</p>
      {typed && <ProofFields means={means} />}
      {means.includes("webauthn") && <PasskeyButton busy={trial.busy.value} main={!typed} onClick={passkey} />}
      {typed ? (
        <Submit trial={trial}>{say("signin.submit")}</Submit>
      ) : (
        <p class="wrong" role="alert">
          {trial.wrong.value}
        </p>
      )}
      <button type="button" class="quiet" onClick={() => void access.leave()}>
        {say("cancel")}
      </button>
    </form>
  );
}

/** An account that was made by somebody else begins with a password of its own. */
function FirstPassword({ old, trial }: { old: string; trial: Trial }) {
  const { client, access } = useHouse();
  const submit = (submitted: SubmitEvent) =>
    trial.attempt(async () => {
      const { typed = old, fresh = "" } = fieldsOf(submitted);
      await client.changePassword(typed, fresh);
      await access.enter(await client.whoAmI());
    });
  return (
    <form onSubmit={submit} aria-labelledby="signin-title">
      <p>{say("password.first")}</p>
      {old === "" && (
        <label>
          {say("password.old")}
          <input name="typed" type="password" autocomplete="current-password" required />
        </label>
      )}
      <NewPasswordFields />
      <Submit trial={trial}>{say("password.submit")}</Submit>
      <button type="button" class="quiet" onClick={() => void access.leave()}>
        {say("cancel")}
      </button>
    </form>
  );
}

/** The page; a provider that refused comes back with its code in the address. */
export function SignIn() {
  const { access } = useHouse();
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
        {!waiting && <Password trial={trial} typed={(password) => (typed.value = password)} />}
        {waiting?.needs === "second_factor" && <SecondFactor session={waiting} trial={trial} />}
        {waiting?.needs === "new_password" && <FirstPassword old={typed.value} trial={trial} />}
        <LanguageSwitch />
      </div>
    </main>
  );
}
