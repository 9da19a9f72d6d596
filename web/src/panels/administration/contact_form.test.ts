import { expect, test } from "vitest";
import type { Contact } from "../../api/notices";
import { channelsOf, foundContacts } from "./contact_form";

const contact = (part: Partial<Contact>) =>
  ({
    name: "Duty desk",
    role: "akimat_duty",
    area: { id: 1, name: { kk: "Алматы", ru: "Алматы", en: "Almaty" } },
    ...part,
  }) as Contact;

test("a contact is found by name, role, area in any language, or address", () => {
  const all = [contact({ phone: "+77010000001" }), contact({ name: "Газ", role: "gas_dispatcher" })];
  expect(foundContacts(all, "gas")).toHaveLength(1);
  expect(foundContacts(all, "алма")).toHaveLength(2);
  expect(foundContacts(all, "000001")).toHaveLength(1);
});

test("a channel is offered only where its address stands, and those chosen keep their order", () => {
  const has = { phone: "+77010000001", email: "", url: "", topic: "a/b" };
  expect(channelsOf(has, [])).toEqual(["sms_smpp", "sms_http", "mqtt"]);
  expect(channelsOf(has, ["mqtt", "mail"])).toEqual(["mqtt", "sms_smpp", "sms_http"]);
});
