/** The ways to prove who one is: a code from an app, a passkey, the password. */
import { knowsPasskeys } from "../../access/passkey";
import type { Means } from "../../api/insist";
import { say } from "../../words/words";

/** The six digits of an authenticator. */
export function CodeField({ label = say("factor.code") }: { label?: string }) {
  return (
    <label class="field">
      {label}
      <input
        class="code"
        name="code"
        inputMode="numeric"
        autocomplete="one-time-code"
        pattern="[0-9 ]{6,7}"
        maxLength={7}
        placeholder="000000"
        required
      />
    </label>
  );
}

/** The fields for those means that are typed; a passkey has its button instead. */
export function ProofFields({ means }: { means: readonly Means[] }) {
  if (means.includes("totp")) return <CodeField />;
  if (!means.includes("password")) return null;
  return (
    <label class="field">
      {say("signin.password")}
      <input name="password" type="password" autocomplete="current-password" required />
    </label>
  );
}

/** The button that asks the browser for a passkey; nothing where the browser knows none. */
export function PasskeyButton({ busy, onClick, main }: { busy: boolean; onClick: () => void; main: boolean }) {
  if (!knowsPasskeys()) return <p class="dim">{say("factor.passkey_unknown")}</p>;
  return (
    <button type="button" class={main ? "primary" : ""} disabled={busy} onClick={onClick}>
      {say("factor.passkey_use")}
    </button>
  );
}

/** The digits of a code, however they were typed. */
export const digits = (code: string | undefined): string => (code ?? "").replaceAll(/\D/g, "");
