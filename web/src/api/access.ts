/** Who may enter, what they did, and why: the values as they travel. */
import type { Area, Title } from "./types";

export type Role = "dispatcher" | "commander" | "planner" | "administrator" | "crew";
export const ROLES: readonly Role[] = ["dispatcher", "commander", "planner", "administrator", "crew"];
export type Factor = "totp" | "webauthn";
export type AreaNode = { id: number; code: string; level: number; name: Title; parent_id: number | null };
export type Account = {
  id: number;
  name: string;
  role: Role;
  demo: boolean;
  area: Area;
  second_factors: Factor[];
};
export type Shift = { started_at: string; ends_at: string };
export type Session = {
  account: Account;
  /** The area that is looked at: one's own, or one below it. */
  entered: Area;
  areas: AreaNode[];
  shift: Shift;
  stepped_up_until: string | null;
  needs: "second_factor" | "new_password" | null;
  means: "password" | "oidc" | "basic";
  /** What the role does, by the names of the server's policy. */
  operations: string[];
};
export type Proof = { code: string } | { password: string } | { webauthn: unknown };

export type Passkey = { id: number; name: string; created_at: string; last_used_at: string | null };
export type Factors = { totp: boolean; webauthn: Passkey[] };
export type Enrolment = { secret: string; uri: string };

export type AccountRow = {
  id: number;
  name: string;
  role: Role;
  area: Area;
  demo: boolean;
  enabled: boolean;
  locked: boolean;
  second_factors: Factor[];
  provider: string | null;
  unit_id: number | null; // of a crew alone
  created_at: string;
  created_by: string | null;
};
export type AccountChange = { role?: Role; area_id?: number; enabled?: boolean; unit_id?: number };
export type NewAccount = { name: string; password: string; role: Role; area_id: number; unit_id?: number };
export type SessionRow = {
  id: number;
  area: Area;
  means: string;
  second_factor: boolean;
  started_at: string;
  ends_at: string;
  seen_at: string | null;
  origin: string | null;
  agent: string | null;
  current: boolean;
};
export type Key = {
  id: number;
  state: "good" | "expired" | "revoked";
  created_at: string;
  created_by: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
};
export const SOURCE_KINDS = ["positions", "events", "exchange", "pictures"] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];
export type Source = {
  id: number;
  name: string;
  kind: SourceKind;
  area: Area;
  enabled: boolean;
  keys: Key[];
};
export type NewSource = { name: string; kind: SourceKind; area_id: number };
/** `key` is the key itself, told this once. */
export type MadeKey = Key & { key: string };
export type Grant = {
  id: number;
  kind: "area" | "incident";
  area: AreaNode;
  to: AreaNode;
  incident_id: number | null;
  incident_number: string | null;
  reason: string;
  given_by: string;
  begins_at: string;
  ends_at: string;
  revoked_at: string | null;
  revoked_by: string | null;
};
export type NewGrant = { to_area_id: number; reason: string; hours: number } & (
  | { kind: "area"; area_id: number }
  | { kind: "incident"; incident_id: number }
);

export type AuditEntry = {
  id: number;
  at: string;
  who: string;
  role: Role | null;
  area: { id: number; name: Title } | null;
  operation: string;
  outcome: "done" | "refused";
  code: string | null;
  layer: string | null;
  object_id: number | null;
  purpose: { incident?: number; reason?: string } | null;
  origin: string | null;
  details: Record<string, unknown>;
};
export type AuditFilter = Partial<
  Record<"from" | "to" | "who" | "operation" | "layer" | "object_id" | "outcome", string>
>;
