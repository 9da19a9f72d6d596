/** Passkeys: the browser's WebAuthn, in the JSON that the server speaks (W3C WebAuthn 3, §5.1.8-10). */

/** The browser did not do it: the person closed its window, or it knows no such key. */
export class NoPasskey extends Error {}

async function asJson(asked: Promise<Credential | null>): Promise<unknown> {
  const made = await asked.catch((error: unknown) => {
    throw new NoPasskey(String(error));
  });
  if (!(made instanceof PublicKeyCredential)) throw new NoPasskey("no credential");
  return made.toJSON();
}

/** Whether this window can use passkeys at all: not over plain HTTP from another machine, nor in an old browser. */
export function knowsPasskeys(): boolean {
  return typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === "function";
}

/** Sign the server's challenge with a key that the person holds; raises NoPasskey. */
export function signWith(options: PublicKeyCredentialRequestOptionsJSON): Promise<unknown> {
  return asJson(navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }));
}

/** Make a new key; raises NoPasskey. */
export function makePasskey(options: PublicKeyCredentialCreationOptionsJSON): Promise<unknown> {
  return asJson(navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }));
}
