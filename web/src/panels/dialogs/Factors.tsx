/** One's own second factors: an authenticator app, and passkeys. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { knowsPasskeys, makePasskey } from "../../access/passkey";
import type { Factors as Enrolled, Enrolment, Passkey } from "../../api/access";
import { date } from "../../words/formats";
import { say } from "../../words/words";
import { Alert } from "../Alert";
import { Copy } from "../Copy";
import { useHouse } from "../house";
import { QrCode } from "../QrCode";
import { Buttons, Dialog } from "./Dialog";
import { CodeField, digits } from "./proof";
import { fieldsOf, type Trial, useTrial } from "./trial";

function NewApp({ enrolment, done, trial }: { enrolment: Enrolment; done: (added: boolean) => void; trial: Trial }) {
  const { client } = useHouse();
  async function confirm(submitted: SubmitEvent): Promise<void> {
    const { code } = fieldsOf(submitted);
    if (await trial.attempt(() => client.confirmTotp(digits(code)))) done(true);
  }
  return (
    <form class="enrol" onSubmit={confirm}>
      <p>{say("factor.app_how")}</p>
      <QrCode text={enrolment.uri} label={say("factor.qr")} />
      <p class="secret">
        <code>{enrolment.secret.replaceAll(/(.{4})(?=.)/g, "$1 ")}</code>
        <Copy text={enrolment.secret} what={say("factor.secret")} />
      </p>
      <p class="dim">
        <a href={enrolment.uri}>{say("factor.app_open")}</a>
      </p>
      <CodeField label={say("factor.code_first")} />
      <Alert>{trial.wrong.value}</Alert>
      <Buttons busy={trial.busy.value} submit={say("factor.confirm")} cancel={() => done(false)} />
    </form>
  );
}

function PasskeyLine({ passkey, remove, busy }: { passkey: Passkey; remove: () => void; busy: boolean }) {
  const used = passkey.last_used_at ? say("factor.used", { at: date(passkey.last_used_at) }) : say("factor.unused");
  return (
    <li>
      <span class="what">
        <b>{passkey.name}</b>
        <span class="dim">{`${say("factor.since", { at: date(passkey.created_at) })} · ${used}`}</span>
      </span>
      <button
        type="button"
        class="quiet"
        aria-label={`${say("factor.remove")}: ${passkey.name}`}
        disabled={busy}
        onClick={remove}
      >
        {say("factor.remove")}
      </button>
    </li>
  );
}

function AddPasskey({ trial, added }: { trial: Trial; added: () => void }) {
  const { client } = useHouse();
  async function add(submitted: SubmitEvent): Promise<void> {
    const { name = "" } = fieldsOf(submitted);
    const form = submitted.target as HTMLFormElement;
    const done = await trial.attempt(async () =>
      client.addPasskey(name, await makePasskey(await client.newPasskeyOptions())),
    );
    if (!done) return;
    form.reset();
    added();
  }
  if (!knowsPasskeys()) return <p class="dim">{say("factor.passkey_unknown")}</p>;
  return (
    <form class="line" onSubmit={add}>
      <input
        name="name"
        aria-label={say("factor.passkey_name")}
        placeholder={say("factor.passkey_name")}
        maxLength={64}
        required
      />
      <button type="submit" disabled={trial.busy.value}>
        {say("factor.passkey_add")}
      </button>
    </form>
  );
}

/** The dialog. */
export function Factors({ close }: { close: () => void }) {
  const { client, desk } = useHouse();
  const trial = useTrial();
  const enrolled = useSignal<Enrolled | null>(null);
  const enrolment = useSignal<Enrolment | null>(null);
  async function read(): Promise<void> {
    const answer = await trial.attempt(async () => {
      const factors = await client.factors();
      desk.renew(await client.whoAmI());
      return factors;
    });
    if (answer) enrolled.value = answer.done;
  }
  async function change(work: () => Promise<unknown>): Promise<void> {
    if (await trial.attempt(work)) await read();
  }
  async function begin(): Promise<void> {
    const answer = await trial.attempt(client.enrolTotp);
    if (answer) enrolment.value = answer.done;
  }
  function enrolledApp(added: boolean): void {
    enrolment.value = null;
    if (added) void read();
  }
  useEffect(() => void read(), []);
  const factors = enrolled.value;
  return (
    <Dialog title={say("factor.title")} close={close}>
      <p class="dim">{say("factor.why")}</p>
      <section aria-labelledby="factor-app">
        <h3 id="factor-app">{say("factor.app")}</h3>
        {factors?.totp && (
          <p class="line spread">
            <span class="status free">{say("factor.on")}</span>
            <button type="button" class="quiet" disabled={trial.busy.value} onClick={() => change(client.removeTotp)}>
              {say("factor.remove")}
            </button>
          </p>
        )}
        {factors && !factors.totp && !enrolment.value && (
          <button type="button" disabled={trial.busy.value} onClick={begin}>
            {say("factor.app_add")}
          </button>
        )}
        {enrolment.value && <NewApp enrolment={enrolment.value} done={enrolledApp} trial={trial} />}
      </section>
      <section aria-labelledby="factor-passkeys">
        <h3 id="factor-passkeys">{say("factor.passkeys")}</h3>
        <ul class="passkeys">
          {factors?.webauthn.map((passkey) => (
            <PasskeyLine
              key={passkey.id}
              passkey={passkey}
              busy={trial.busy.value}
              remove={() => void change(() => client.removePasskey(passkey.id))}
            />
          ))}
        </ul>
        {factors && <AddPasskey trial={trial} added={() => void read()} />}
      </section>
      {!enrolment.value && <Alert>{trial.wrong.value}</Alert>}
    </Dialog>
  );
}
