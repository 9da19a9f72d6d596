/** Who was told by which channel, how the channels are, and whom there is to tell; the questions about them. */
import type { Ask } from "./ask";
import type { Area, Language, Title } from "./types";

export type Notice = {
  id: number;
  step: number;
  to_kind: "unit" | "contact";
  to_id: number;
  to_name: string;
  channel: string;
  address: string;
  state: "queued" | "sent" | "delivered" | "acknowledged" | "failed" | "expired";
  attempts: number;
  queued_at: string;
  sent_at: string | null;
  delivered_at: string | null;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  acknowledged_means: string | null;
  expires_at: string;
  code: string | null;
  parts: number | null;
  cut: boolean;
};
export type Told = {
  id: number;
  kind: "dispatch" | "incident" | "alarm" | "clock" | "panic" | "message" | "test";
  dispatch_id: number | null;
  to_kind: "unit" | "role" | "contact";
  to_id: number | null;
  to_role: string | null;
  state: "open" | "acknowledged" | "expired";
  step: number;
  steps: { to_kind: "unit" | "contact"; to_id: number; channel: string }[] | null;
  due_at: string | null;
  queued_at: string;
  queued_by: string;
  ended_at: string | null;
  ended_by: string | null;
  ended_how: string | null;
  notices: Notice[];
};
export type Channel = {
  name: string;
  title: Title;
  configured: boolean;
  last_ok_at: string | null;
  failing_since: string | null;
  code: string | null;
};
export type Notices = { notices: Told[]; channels: Channel[] };
export type Means = "radio" | "phone" | "in_person";

export type Contact = {
  id: number;
  area: Area;
  unit_id: number | null;
  name: string;
  role: string;
  language: Language;
  phone: string | null;
  email: string | null;
  url: string | null;
  topic: string | null;
  channels: string[];
  escalates_to_id: number | null;
  enabled: boolean;
  created_at: string;
  created_by: string;
};
export type ContactChange = Partial<
  Pick<
    Contact,
    | "name"
    | "role"
    | "language"
    | "phone"
    | "email"
    | "url"
    | "topic"
    | "channels"
    | "escalates_to_id"
    | "enabled"
    | "unit_id"
  >
>;
/** What a contact is reached by: each needs the address beside it. */
export const CHANNEL_ADDRESS = {
  sms_smpp: "phone",
  sms_http: "phone",
  mail: "email",
  webhook: "url",
  mqtt: "topic",
} as const;
export type ContactChannel = keyof typeof CHANNEL_ADDRESS;

/** Build the questions on a way to ask. */
export function noticeQuestions(ask: Ask) {
  return {
    notices: (incident: number) => ask<Notices>("GET", `/api/incidents/${incident}/notices`),
    acknowledgeNotice: (id: number, means: Means, note?: string) =>
      ask<Told>("POST", `/api/notices/${id}/acknowledge`, { body: { means, ...(note && { note }) } }),
    channels: () => ask<{ channels: Channel[] }>("GET", "/api/notices/channels"),
    contacts: () => ask<{ contacts: Contact[] }>("GET", "/api/contacts"),
    addContact: (made: ContactChange & { area_id: number }) => ask<Contact>("POST", "/api/contacts", { body: made }),
    changeContact: (id: number, change: ContactChange) =>
      ask<Contact>("PATCH", `/api/contacts/${id}`, { body: change }),
    removeContact: (id: number) => ask<void>("DELETE", `/api/contacts/${id}`),
    testContact: (id: number, channel: string) => ask<Told>("POST", `/api/contacts/${id}/test`, { body: { channel } }),
    contactTests: (id: number) => ask<{ tests: Told[] }>("GET", `/api/contacts/${id}/tests`),
    contactSecret: (id: number) => ask<{ secret: string }>("POST", `/api/contacts/${id}/secret`),
  };
}
