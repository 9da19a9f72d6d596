/** What the form of a contact reckons with; pure. */
import { CHANNEL_ADDRESS, type Contact, type ContactChannel } from "../../api/notices";

export type Addresses = Record<"phone" | "email" | "url" | "topic", string>;
const ALL = Object.keys(CHANNEL_ADDRESS) as ContactChannel[];

/** Those whose name, role, area or address holds what is sought. */
export function foundContacts(contacts: readonly Contact[], sought: string): Contact[] {
  const text = sought.trim().toLocaleLowerCase();
  const words = (one: Contact) => [one.name, one.role, ...Object.values(one.area.name), one.phone, one.email];
  return contacts.filter((one) => words(one).some((word) => word?.toLocaleLowerCase().includes(text)));
}

/** The channels that may be chosen: each needs its address. Those chosen come first, in their order. */
export function channelsOf(addresses: Addresses, chosen: readonly string[]): ContactChannel[] {
  const able = ALL.filter((channel) => addresses[CHANNEL_ADDRESS[channel]].trim() !== "");
  const kept = chosen.filter((name): name is ContactChannel => able.includes(name as ContactChannel));
  return [...kept, ...able.filter((channel) => !kept.includes(channel))];
}
