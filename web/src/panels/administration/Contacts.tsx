/** Whom there is to tell: contacts by role, by which channels each is reached, and who stands in for them. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Contact } from "../../api/notices";
import { say, sayOf, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { ContactDetail } from "./ContactDetail";
import { foundContacts } from "./contact_form";
import { EditContact } from "./EditContact";

function Row({ contact, on, choose }: { contact: Contact; on: boolean; choose: () => void }) {
  return (
    <tr class={`${on ? "on" : ""} ${contact.enabled ? "" : "over"}`}>
      <th scope="row">
        <button type="button" class="link strong" aria-current={on} onClick={choose}>
          {contact.name}
        </button>
      </th>
      <td>{contact.role.replaceAll("_", " ")}</td>
      <td>{titleOf(contact.area.name)}</td>
      <td class="dim">{contact.channels.map((channel) => sayOf("contact.channel", channel)).join(" → ") || "—"}</td>
      <td>
        <span class={`status ${contact.enabled ? "free" : "away"}`}>
          {say(contact.enabled ? "account.enabled" : "account.disabled")}
        </span>
      </td>
    </tr>
  );
}

/** How each channel is: an administrator sets where they send to in the server's settings. */
function Channels() {
  const { client } = useHouse();
  const { value } = useAsked(client.channels);
  return (
    <p class="channels">
      {value.value?.channels.map((channel) => {
        const state = !channel.configured ? "away" : channel.failing_since ? "failing" : "free";
        return (
          <span class={`status ${state}`} key={channel.name}>
            {titleOf(channel.title)}:{" "}
            {say(!channel.configured ? "channel.unset" : channel.failing_since ? "channel.failing" : "channel.well")}
          </span>
        );
      })}
    </p>
  );
}

/** The part of the page. */
export function Contacts() {
  const { client, desk } = useHouse();
  const { value, wrong, again } = useAsked(client.contacts);
  const [sought, chosen_id, making] = [useSignal(""), useSignal<number | null>(null), useSignal(false)];
  const list = useRef<HTMLElement>(null);
  const contacts = value.value?.contacts ?? [];
  const shown = foundContacts(contacts, sought.value);
  const chosen = contacts.find((contact) => contact.id === chosen_id.value);
  return (
    <div class="master">
      <section class="sheet-list" ref={list} aria-label={say("admin.contacts")}>
        <div class="line">
          <input
            type="search"
            aria-label={say("contact.search")}
            placeholder={say("contact.search")}
            value={sought.value}
            onInput={(typed) => (sought.value = typed.currentTarget.value)}
          />
          {desk.may("contacts.write") && (
            <button type="button" class="primary" onClick={() => (making.value = true)}>
              {say("contact.make")}
            </button>
          )}
        </div>
        {desk.may("notices.channels") && <Channels />}
        <p class="wrong" role="alert">
          {wrong.value}
        </p>
        <div class="scrolls" tabIndex={0} role="group" aria-label={say("admin.contacts")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{say("account.name")}</th>
                <th scope="col">{say("account.role")}</th>
                <th scope="col">{say("account.area")}</th>
                <th scope="col">{say("contact.channels")}</th>
                <th scope="col">{say("account.state")}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((contact) => (
                <Row
                  key={contact.id}
                  contact={contact}
                  on={contact.id === chosen_id.value}
                  choose={() => (chosen_id.value = contact.id)}
                />
              ))}
            </tbody>
          </table>
          {value.value && shown.length === 0 && <p class="empty">{say("contact.none")}</p>}
        </div>
      </section>
      {chosen && (
        <ContactDetail
          key={chosen.id}
          contact={chosen}
          contacts={contacts}
          changed={() => void again()}
          close={() => {
            list.current?.querySelector<HTMLElement>("[aria-current=true]")?.focus(); // back to where it was opened
            chosen_id.value = null;
          }}
        />
      )}
      {making.value && (
        <EditContact
          contacts={contacts}
          close={() => (making.value = false)}
          done={(contact) => {
            chosen_id.value = contact.id;
            void again();
          }}
        />
      )}
    </div>
  );
}
