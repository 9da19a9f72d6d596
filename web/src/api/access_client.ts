/** The questions about who may enter and what they did. */
import type {
  AccountChange,
  AccountRow,
  AreaNode,
  AuditEntry,
  AuditFilter,
  Enrolment,
  Factors,
  Grant,
  MadeKey,
  NewAccount,
  NewGrant,
  NewSource,
  Proof,
  Session,
  SessionRow,
  Source,
} from "./access";
import type { Ask, Method } from "./ask";
import type { Language } from "./types";

/** The parameters of a question, those that are empty left out. */
export function query(values: Record<string, string | number | undefined>): string {
  const said = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  return said.length === 0 ? "" : `?${new URLSearchParams(said.map(([name, value]) => [name, String(value)]))}`;
}

/** Build the questions on a way to ask. */
export function accessQuestions(ask: Ask) {
  const get = <T>(path: string) => ask<T>("GET", path);
  const send = <T>(method: Method, path: string, body: unknown = {}) => ask<T>(method, path, { body });
  const post = <T>(path: string, body: unknown = {}) => send<T>("POST", path, body);
  return {
    whoAmI: () => get<Session>("/api/session"),
    providers: () => get<{ oidc: boolean }>("/api/session/providers"),
    signIn: (user: string, password: string) => post<Session>("/api/session", { user, password }),
    signOut: () => ask<void>("DELETE", "/api/session"),
    totp: (code: string) => post<Session>("/api/session/totp", { code }),
    passkeyOptions: () => post<PublicKeyCredentialRequestOptionsJSON>("/api/session/webauthn/options"),
    passkey: (credential: unknown) => post<Session>("/api/session/webauthn/verify", credential),
    enterArea: (area_id: number) => send<Session>("PUT", "/api/session/area", { area_id }),
    stepUp: (proof: Proof) => post<Session>("/api/session/step-up", proof),
    changePassword: (old: string, fresh: string) => post<void>("/api/session/password", { old, new: fresh }),

    factors: () => get<Factors>("/api/session/second-factors"),
    enrolTotp: () => post<Enrolment>("/api/session/second-factors/totp"),
    confirmTotp: (code: string) => post<unknown>("/api/session/second-factors/totp/confirm", { code }),
    removeTotp: () => ask<void>("DELETE", "/api/session/second-factors/totp"),
    newPasskeyOptions: () =>
      post<PublicKeyCredentialCreationOptionsJSON>("/api/session/second-factors/webauthn/options"),
    addPasskey: (name: string, credential: unknown) =>
      post<unknown>("/api/session/second-factors/webauthn", { name, credential }),
    removePasskey: (id: number) => ask<void>("DELETE", `/api/session/second-factors/webauthn/${id}`),

    accounts: async () => {
      const all: AccountRow[] = [];
      for (let after: number | null | undefined; after !== null; ) {
        const page = await get<{ accounts: AccountRow[]; next: number | null }>(`/api/accounts${query({ after })}`);
        all.push(...page.accounts);
        after = page.next;
      }
      return all;
    },
    addAccount: (made: NewAccount) => post<AccountRow>("/api/accounts", made),
    changeAccount: (id: number, change: AccountChange) => send<AccountRow>("PATCH", `/api/accounts/${id}`, change),
    releaseAccount: (id: number) => post<unknown>(`/api/accounts/${id}/release`),
    resetFactors: (id: number) => post<unknown>(`/api/accounts/${id}/reset-second-factor`),
    sessionsOf: (id: number) => get<{ sessions: SessionRow[] }>(`/api/accounts/${id}/sessions`),
    endSession: (id: number) => ask<void>("DELETE", `/api/sessions/${id}`),

    sources: () => get<{ sources: Source[] }>("/api/sources"),
    addSource: (made: NewSource) => post<Source>("/api/sources", made),
    enableSource: (id: number, enabled: boolean) => send<Source>("PATCH", `/api/sources/${id}`, { enabled }),
    addKey: (source: number, expires_at: string | null) =>
      post<MadeKey>(`/api/sources/${source}/keys`, expires_at ? { expires_at } : {}),
    revokeKey: (id: number) => ask<void>("DELETE", `/api/keys/${id}`),

    areas: () => get<{ areas: AreaNode[] }>("/api/areas"),
    grants: () => get<{ grants: Grant[] }>("/api/grants?in_force=false"),
    addGrant: (made: NewGrant) => post<Grant>("/api/grants", made),
    revokeGrant: (id: number) => ask<void>("DELETE", `/api/grants/${id}`),

    audit: (filter: AuditFilter, after?: number) =>
      get<{ entries: AuditEntry[]; next: number | null }>(`/api/audit${query({ ...filter, after, limit: 50 })}`),
    auditFile: (filter: AuditFilter, language: Language) =>
      ask<Blob>("GET", `/api/audit/export${query({ ...filter, language })}`, { file: true }),
  };
}
