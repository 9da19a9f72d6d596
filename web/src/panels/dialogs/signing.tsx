/** The steps of signing in, as every page has them: name and password, then what the session still owes. */
import type { ComponentChildren } from "preact";
import { signWith } from "../../access/passkey";
import type { Session } from "../../api/access";
import type { accessQuestions } from "../../api/access_client";
import { say } from "../../words/words";
import { Alert } from "../Alert";
import { NewPasswordFields } from "./ChangePassword";
import { digits, PasskeyButton, ProofFields } from "./proof";
import { fieldsOf, type Trial } from "./trial";

/** The page that is entered: whom it asks, and what follows. */
type Entrance = {
  client: Pick<ReturnType<typeof accessQuestions>, "totp" | "passkey" | "passkeyOptions" | "changePassword" | "whoAmI">;
  enter: (session: Session) => Promise<void>;
  leave: () => Promise<void>;
};

function Submit({ trial, children }: { trial: Trial; children: string }) {
  return (
    <>
      <Alert>{trial.wrong.value}</Alert>
      <button class="primary" type="submit" disabled={trial.busy.value}>
        {trial.busy.value ? say("signin.busy") : children}
      </button>
    </>
  );
}

function Cancel({ leave }: Pick<Entrance, "leave">) {
  return (
    <button type="button" class="quiet" onClick={() => void leave()}>
      {say("cancel")}
    </button>
  );
}

function PasswordField({ name, label }: { name: string; label: string }) {
  return (
    <label>
      {label}
      <input name={name} type="password" autocomplete="current-password" required />
    </label>
  );
}

type PasswordStep = {
  trial: Trial;
  /** Who came in last, where that is known. */
  name?: string;
  signIn: (user: string, password: string) => Promise<unknown>;
  children?: ComponentChildren;
};

/** Name and password; what else the page says stands under them. */
export function Password({ trial, name, signIn, children }: PasswordStep) {
  async function submit(submitted: SubmitEvent): Promise<void> {
    const { user = "", password = "" } = fieldsOf(submitted);
    await trial.attempt(() => signIn(user.trim(), password));
  }
  return (
    <form onSubmit={submit} aria-labelledby="signin-title">
      <label>
        {say("signin.user")}
        <input
          name="user"
          autocomplete="username"
          autocapitalize="off"
          spellcheck={false}
          defaultValue={name}
          required
        />
      </label>
      <PasswordField name="password" label={say("signin.password")} />
      <Submit trial={trial}>{say("signin.submit")}</Submit>
      {children}
    </form>
  );
}

type Step = { entrance: Entrance; session: Session; trial: Trial };

function SecondFactor({ entrance, session, trial }: Step) {
  const { client, enter, leave } = entrance;
  const means = session.account.second_factors;
  const prove = (proven: () => Promise<Session>) => trial.attempt(async () => enter(await proven()));
  const submit = (submitted: SubmitEvent) => prove(() => client.totp(digits(fieldsOf(submitted).code)));
  const passkey = () => prove(async () => client.passkey(await signWith(await client.passkeyOptions())));
  const typed = means.includes("totp");
  return (
    <form onSubmit={submit} aria-labelledby="signin-title">
      <p>{say("signin.second", { name: session.account.name })}</p>
      {typed && <ProofFields means={means} />}
      {means.includes("webauthn") && <PasskeyButton busy={trial.busy.value} main={!typed} onClick={passkey} />}
      {typed ? <Submit trial={trial}>{say("signin.submit")}</Submit> : <Alert>{trial.wrong.value}</Alert>}
      <Cancel leave={leave} />
    </form>
  );
}

/** An account that was made by somebody else begins with a password of its own. */
function FirstPassword({ entrance, old, trial }: Omit<Step, "session"> & { old: string }) {
  const { client, enter, leave } = entrance;
  const submit = (submitted: SubmitEvent) =>
    trial.attempt(async () => {
      const { typed = old, fresh = "" } = fieldsOf(submitted);
      await client.changePassword(typed, fresh);
      await enter(await client.whoAmI());
    });
  return (
    <form onSubmit={submit} aria-labelledby="signin-title">
      <p>{say("password.first")}</p>
      {old === "" && <PasswordField name="typed" label={say("password.old")} />}
      <NewPasswordFields />
      <Submit trial={trial}>{say("password.submit")}</Submit>
      <Cancel leave={leave} />
    </form>
  );
}

/** What the session still owes; `old` is the password it was opened with, empty where that is not known. */
export function Owed({ old, ...step }: Step & { old: string }) {
  switch (step.session.needs) {
    case "second_factor":
      return <SecondFactor {...step} />;
    case "new_password":
      return <FirstPassword {...step} old={old} />;
    default:
      return null;
  }
}
