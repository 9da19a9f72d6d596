/** The crew's door: name and password, the second factor where one is owed, a first password of one's own. */
import { useSignal } from "@preact/signals";
import { signWith } from "../access/passkey";
import type { Session } from "../api/access";
import { NewPasswordFields } from "../panels/dialogs/ChangePassword";
import { digits, PasskeyButton, ProofFields } from "../panels/dialogs/proof";
import { fieldsOf, useTrial } from "../panels/dialogs/trial";
import { Mark } from "../panels/Mark";
import { say } from "../words/words";
import type { Door } from "./crew";
import { usePage } from "./page";
import { Languages } from "./UnitTab";

type Trial = ReturnType<typeof useTrial>;

function Wrong({ trial }: { trial: Trial }) {
  return (
    <p class="wrong" role="alert">
      {trial.wrong.value}
    </p>
  );
}

function Submit({ trial, children }: { trial: Trial; children: string }) {
  return (
    <>
      <Wrong trial={trial} />
      <button class="main" type="submit" disabled={trial.busy.value}>
        {trial.busy.value ? say("signin.busy") : children}
      </button>
    </>
  );
}

function Password({ trial, typed }: { trial: Trial; typed: (password: string) => void }) {
  const { client, crew } = usePage();
  async function enter(submitted: SubmitEvent): Promise<void> {
    const { user = "", password = "" } = fieldsOf(submitted);
    typed(password);
    await trial.attempt(async () => crew.enter(await client.signIn(user.trim(), password)));
  }
  return (
    <form onSubmit={enter} aria-labelledby="signin-title">
      <label>
        {say("signin.user")}
        <input name="user" autocomplete="username" autocapitalize="off" spellcheck={false} required />
      </label>
      <label>
        {say("signin.password")}
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <Submit trial={trial}>{say("signin.submit")}</Submit>
    </form>
  );
}

function SecondFactor({ session, trial }: { session: Session; trial: Trial }) {
  const { client, crew } = usePage();
  const means = session.account.second_factors;
  const prove = (proven: () => Promise<Session>) => trial.attempt(async () => crew.enter(await proven()));
  const submit = (submitted: SubmitEvent) => prove(() => client.totp(digits(fieldsOf(submitted).code)));
  const passkey = () => prove(async () => client.passkey(await signWith(await client.passkeyOptions())));
  const typed = means.includes("totp");
  return (
    <form onSubmit={submit} aria-labelledby="signin-title">
      <p>{say("signin.second", { name: session.account.name })}</p>
      {typed && <ProofFields means={means} />}
      {means.includes("webauthn") && <PasskeyButton busy={trial.busy.value} main={!typed} onClick={passkey} />}
      {typed ? <Submit trial={trial}>{say("signin.submit")}</Submit> : <Wrong trial={trial} />}
      <button type="button" class="quiet" onClick={() => void crew.leave()}>
        {say("cancel")}
      </button>
    </form>
  );
}

function FirstPassword({ old, trial }: { old: string; trial: Trial }) {
  const { client, crew } = usePage();
  const submit = (submitted: SubmitEvent) =>
    trial.attempt(async () => {
      const { typed = old, fresh = "" } = fieldsOf(submitted);
      await client.changePassword(typed, fresh);
      await crew.enter(await client.whoAmI());
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
    </form>
  );
}

/** Why one stands here, where one does not expect it. */
function Why({ door }: { door: Door }) {
  const unsent = usePage().outbox.waiting.value.length;
  const why = door.is === "shut" ? door.why : null;
  if (!why && unsent === 0) return null;
  return (
    <p class="ended" role="status">
      {why === "ended" && `${say("signin.ended")} `}
      {why === "no_answer" && `${say("signin.offline")} `}
      {unsent > 0 && say("crew.unsent_kept", { n: unsent })}
    </p>
  );
}

/** The page. */
export function SignIn({ door }: { door: Door }) {
  const trial = useTrial();
  const typed = useSignal("");
  const session = door.is === "owing" ? door.session : null;
  return (
    <main class="signin">
      <Mark size={56} />
      <h1 id="signin-title">{say("crew.title")}</h1>
      <Why door={door} />
      {!session && <Password trial={trial} typed={(password) => (typed.value = password)} />}
      {session?.needs === "second_factor" && <SecondFactor session={session} trial={trial} />}
      {session?.needs === "new_password" && <FirstPassword old={typed.value} trial={trial} />}
      <Languages />
    </main>
  );
}
