/** One contact: how it is reached, a test by each of its channels, the secret of its webhook, and taking it out. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Contact } from "../../api/notices";
import { clock, date } from "../../words/formats";
import { say, sayOf, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { Copy } from "../Copy";
import { stateOf } from "../card/NoticesPart";
import { useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { Section } from "../parts";
import { EditContact } from "./EditContact";

const AGAIN_MS = 2000; // a test is on its way for seconds

/** The last tests, asked for again while one is on its way. */
function Tests({ contact }: { contact: Contact }) {
  const { client, desk } = useHouse();
  const trial = useTrial();
  const { value, again } = useAsked(() => client.contactTests(contact.id));
  const tests = value.value?.tests ?? [];
  const open = tests.some((test) => ["queued", "sent"].includes(stateOf(test)) && test.state === "open");
  useEffect(() => {
    if (!open) return;
    const timer = setInterval(() => void again(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [open]);
  async function test(channel: string): Promise<void> {
    if (await trial.attempt(() => client.testContact(contact.id, channel))) await again();
  }
  return (
    <Section id="contact-tests" title={say("contact.tests")}>
      {desk.may("contacts.test") && (
        <p class="acts">
          {contact.channels.map((channel) => (
            <button type="button" key={channel} disabled={trial.busy.value} onClick={() => void test(channel)}>
              {sayOf("contact.channel", channel)}
            </button>
          ))}
        </p>
      )}
      <Alert>{trial.wrong.value}</Alert>
      <ul class="lines">
        {tests.map((one) => (
          <li key={one.id}>
            <span class="what">
              {sayOf("contact.channel", one.notices[0]?.channel ?? "")}
              <span class="dim">
                {date(one.queued_at)}, {clock(one.queued_at, true)} {one.notices.at(-1)?.code}
              </span>
            </span>
            <span class={`delivery ${stateOf(one)}`}>{sayOf("notice.state", stateOf(one))}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

type Props = { contact: Contact; contacts: readonly Contact[]; changed: () => void; close: () => void };

/** The panel beside the list. */
export function ContactDetail({ contact, contacts, changed, close }: Props) {
  const { client, desk } = useHouse();
  const trial = useTrial();
  const [editing, sure] = [useSignal(false), useSignal(false)];
  const secret = useSignal<string | null>(null);
  const writes = desk.may("contacts.write");
  const next = contacts.find((one) => one.id === contact.escalates_to_id);
  async function run(work: () => Promise<unknown>): Promise<boolean> {
    if (!(await trial.attempt(work))) return false;
    desk.tell(say("saved"));
    changed();
    return true;
  }
  async function renew(): Promise<void> {
    const made = await trial.attempt(() => client.contactSecret(contact.id));
    if (made) secret.value = made.done.secret;
  }
  return (
    <aside class="detail" aria-label={contact.name}>
      <header>
        <div>
          <h3>{contact.name}</h3>
          <p class="dim">
            {contact.role.replaceAll("_", " ")} · {titleOf(contact.area.name)}
          </p>
        </div>
        <button type="button" class="quiet" aria-label={say("close_panel")} onClick={close}>
          ✕
        </button>
      </header>
      <div class="scrolls" tabIndex={0} role="group" aria-label={contact.name}>
        <dl class="facts">
          {(["phone", "email", "url", "topic"] as const).map(
            (field) =>
              contact[field] && (
                <>
                  <dt>{sayOf("contact.address", field)}</dt>
                  <dd>{contact[field]}</dd>
                </>
              ),
          )}
          <dt>{say("contact.next")}</dt>
          <dd>{next?.name ?? say("contact.nobody")}</dd>
        </dl>
        {writes && (
          <div class="acts">
            <button type="button" onClick={() => (editing.value = true)}>
              {say("contact.change")}
            </button>
            <button
              type="button"
              disabled={trial.busy.value}
              onClick={() => void run(() => client.changeContact(contact.id, { enabled: !contact.enabled }))}
            >
              {say(contact.enabled ? "account.switch_off" : "account.switch_on")}
            </button>
            {contact.channels.includes("webhook") && (
              <button type="button" disabled={trial.busy.value} onClick={() => void renew()}>
                {say("contact.secret")}
              </button>
            )}
            <button
              type="button"
              class={sure.value ? "danger" : ""}
              disabled={trial.busy.value}
              onClick={async () => {
                if (!sure.value) sure.value = true;
                else if (await run(() => client.removeContact(contact.id))) close();
              }}
            >
              {say(sure.value ? "contact.remove_sure" : "contact.remove")}
            </button>
          </div>
        )}
        {secret.value && (
          <>
            <p class="dim">{say("contact.secret_once")}</p>
            <p class="secret">
              <code>{secret.value}</code> <Copy text={secret.value} what={say("contact.secret")} />
            </p>
          </>
        )}
        <Alert>{trial.wrong.value}</Alert>
        <Tests contact={contact} />
      </div>
      {editing.value && (
        <EditContact contact={contact} contacts={contacts} close={() => (editing.value = false)} done={changed} />
      )}
    </aside>
  );
}
