/** Whom there is to tell: contacts by role, by which channels each is reached, and who stands in for them. */

import type { Contact } from "../../api/notices";
import { say, sayOf, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { ContactDetail } from "./ContactDetail";
import { foundContacts } from "./contact_form";
import { EditContact } from "./EditContact";
import { Roster } from "./Roster";

function Cells({ contact }: { contact: Contact }) {
  return (
    <>
      <td>{contact.role.replaceAll("_", " ")}</td>
      <td>{titleOf(contact.area.name)}</td>
      <td class="dim">{contact.channels.map((channel) => sayOf("contact.channel", channel)).join(" → ") || "—"}</td>
      <td>
        <span class={`status ${contact.enabled ? "free" : "away"}`}>
          {say(contact.enabled ? "account.enabled" : "account.disabled")}
        </span>
      </td>
    </>
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
  const asked = useAsked(async () => (await client.contacts()).contacts);
  const contacts = asked.value.value ?? [];
  return (
    <Roster
      asked={asked}
      title={say("admin.contacts")}
      search={say("contact.search")}
      found={foundContacts}
      none={say("contact.none")}
      make={desk.may("contacts.write") && say("contact.make")}
      heads={["account.name", "account.role", "account.area", "contact.channels", "account.state"]}
      cells={(contact) => <Cells contact={contact} />}
      over={(contact) => !contact.enabled}
      detail={(contact, close) => (
        <ContactDetail
          key={contact.id}
          contact={contact}
          contacts={contacts}
          changed={() => void asked.again()}
          close={close}
        />
      )}
      form={(made, close) => <EditContact contacts={contacts} done={({ id }) => made(id)} close={close} />}
    >
      {desk.may("notices.channels") && <Channels />}
    </Roster>
  );
}
