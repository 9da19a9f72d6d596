/** Pictures out of an endless answer (multipart/x-mixed-replace), however it is cut on its way; pure. */

/** `at_ms`: of a recording, when it was; 0 where the answer does not say. `hidden`: all of it, and not by masks. */
export type Picture = { jpeg: Uint8Array; live: boolean; hidden: boolean; at_ms: number };

const MOST = 16 * 1024 * 1024; // bytes of one picture; beyond it no picture

/** Take the next bytes; hand back the pictures that are whole by now. Throws where the answer makes no sense. */
export function createParts() {
  let rest = new Uint8Array(0);

  function head(): { size: number; live: boolean; hidden: boolean; at_ms: number; begins: number } | null {
    const read = new TextDecoder("latin1").decode(rest.subarray(0, 512));
    const ends = read.indexOf("\r\n\r\n");
    if (ends < 0) {
      if (rest.length >= 512) throw new Error("no picture begins here");
      return null;
    }
    const text = read.slice(0, ends);
    const size = Number(/^content-length: *(\d+)/im.exec(text)?.[1] ?? Number.NaN);
    if (!(size <= MOST)) throw new Error("no picture is that great");
    const at_ms = Date.parse(/^x-at: *(\S+)/im.exec(text)?.[1] ?? "") || 0;
    const [live, hidden] = [!/^x-live: *0/im.test(text), /^x-hidden: *1/im.test(text)];
    return { size, live, hidden, at_ms, begins: ends + 4 };
  }

  return (bytes: Uint8Array): Picture[] => {
    const joined = new Uint8Array(rest.length + bytes.length);
    joined.set(rest);
    joined.set(bytes, rest.length);
    rest = joined;
    const found: Picture[] = [];
    for (let next = head(); next && rest.length >= next.begins + next.size + 2; next = head()) {
      const { begins, size, live, hidden, at_ms } = next;
      found.push({ jpeg: rest.slice(begins, begins + size), live, hidden, at_ms });
      rest = rest.slice(next.begins + next.size + 2);
    }
    return found;
  };
}
