/** A contact is written down or changed: who, as what, where, by which channels in which order, and who is next. */

import { useSignal } from "@preact/signals";
import type { Contact, ContactChange } from "../../api/notices";
import type { Language } from "../../api/types";
import { LANGUAGES, say, sayOf } from "../../words/words";
import { Alert } from "../Alert";
import { Buttons, Dialog } from "../dialogs/Dialog";
import { fieldsOf, useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { AreaField } from "../page/fields";
import { type Addresses, channelsOf } from "./contact_form";

const NONE: Addresses = { phone: "", email: "", url: "", topic: "" };
const FIELDS = ["phone", "email", "url", "topic"] as const;
const KEYBOARDS = { phone: "tel", email: "email", url: "url", topic: "text" } as const;

/** Ticked in the order in which they are tried. */
function Order({
  addresses,
  chosen,
  choose,
}: {
  addresses: Addresses;
  chosen: string[];
  choose: (next: string[]) => void;
}) {
  const offered = channelsOf(addresses, chosen);
  return (
    <fieldset class="options">
      <legend>{say("contact.channels")}</legend>
      {offered.length === 0 && <p class="dim">{say("contact.no_channels")}</p>}
      {offered.map((channel) => {
        const at = chosen.indexOf(channel);
        return (
          <label key={channel}>
            <input
              type="checkbox"
              checked={at >= 0}
              onChange={() => choose(at >= 0 ? chosen.filter((one) => one !== channel) : [...chosen, channel])}
            />
            {sayOf("contact.channel", channel)} {at >= 0 && <span class="count">{at + 1}</span>}
          </label>
        );
      })}
    </fieldset>
  );
}

type Props = {
  contact?: Contact;
  contacts: readonly Contact[];
  close: () => void;
  done: (contact: Contact) => void;
};

/** The dialog. */
export function EditContact({ contact, contacts, close, done }: Props) {
  const { client, desk } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  const given = FIELDS.map((name) => [name, contact?.[name] ?? ""] as const);
  const addresses = useSignal<Addresses>({ ...NONE, ...Object.fromEntries(given) });
  const chosen = useSignal<string[]>(contact?.channels ?? []);
  async function keep(submitted: SubmitEvent): Promise<void> {
    const { name = "", role = "", language, area_id, next } = fieldsOf(submitted);
    const said: ContactChange = {
      name: name.trim(),
      role: role.trim(),
      language: language as Language,
      ...Object.fromEntries(FIELDS.map((field) => [field, addresses.value[field].trim() || null])),
      channels: channelsOf(addresses.value, chosen.value).filter((channel) => chosen.value.includes(channel)),
      escalates_to_id: next ? Number(next) : null,
    };
    const kept = await attempt(() =>
      contact ? client.changeContact(contact.id, said) : client.addContact({ ...said, area_id: Number(area_id) }),
    );
    if (!kept) return;
    desk.tell(say("saved"));
    done(kept.done);
    close();
  }
  return (
    <Dialog title={contact ? contact.name : say("contact.make")} close={close}>
      <form onSubmit={keep}>
        <label class="field">
          {say("account.name")}
          <input name="name" maxLength={200} autocomplete="off" defaultValue={contact?.name} required />
        </label>
        <label class="field">
          {say("contact.role")}
          <input
            name="role"
            maxLength={48}
            pattern="[a-z][a-z0-9_]*"
            autocomplete="off"
            spellcheck={false}
            defaultValue={contact?.role}
            required
          />
          <span class="dim">{say("contact.role_hint")}</span>
        </label>
        {!contact && <AreaField label={say("account.area")} name="area_id" areas={desk.areas()} />}
        <label class="field">
          {say("language")}
          <select name="language">
            {LANGUAGES.map((one) => (
              <option key={one} value={one} selected={one === (contact?.language ?? "ru")}>
                {one}
              </option>
            ))}
          </select>
        </label>
        {FIELDS.map((field) => (
          <label class="field" key={field}>
            {sayOf("contact.address", field)}
            <input
              inputMode={KEYBOARDS[field]}
              maxLength={2000}
              autocomplete="off"
              value={addresses.value[field]}
              onInput={(typed) => (addresses.value = { ...addresses.value, [field]: typed.currentTarget.value })}
            />
          </label>
        ))}
        <Order addresses={addresses.value} chosen={chosen.value} choose={(next) => (chosen.value = next)} />
        <label class="field">
          {say("contact.next")}
          <select name="next">
            <option value="">{say("contact.nobody")}</option>
            {contacts
              .filter((one) => one.id !== contact?.id)
              .map((one) => (
                <option key={one.id} value={String(one.id)} selected={one.id === contact?.escalates_to_id}>
                  {one.name}
                </option>
              ))}
          </select>
        </label>
        <Alert>{wrong.value}</Alert>
        <Buttons busy={busy.value} submit={say("save")} cancel={close} />
      </form>
    </Dialog>
  );
}
