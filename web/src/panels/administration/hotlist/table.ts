/** Reading a table that somebody saved: Excel writes CSV in the letters of Windows where it is not told otherwise. */

/** Its text: UTF-8, with or without a mark before it, else Windows-1251; pure. */
export function textOf(bytes: Uint8Array | ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1251").decode(bytes); // never fails: what is no UTF-8 is that
  }
}
