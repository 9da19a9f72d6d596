/** The bytes of a QR code: the text, padded, cut into blocks, each with its Reed-Solomon check bytes (ISO/IEC 18004). */

/** Level L by version, from 1: check bytes of a block, blocks, data bytes of all (table 9). */
const VERSIONS = [
  [7, 1, 19],
  [10, 1, 34],
  [15, 1, 55],
  [20, 1, 80],
  [26, 1, 108],
  [18, 2, 136],
  [20, 2, 156],
  [24, 2, 194],
  [30, 2, 232],
  [18, 4, 274],
  [20, 4, 324],
  [24, 4, 370],
  [26, 4, 428],
] as const;
const BYTE_MODE = 4;
const PADS = [0xec, 0x11] as const;

// GF(256) over x⁸ + x⁴ + x³ + x² + 1: powers of 2, and their logarithms.
const POWERS = new Uint8Array(256);
const LOGS = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power++) {
  POWERS[power] = value;
  LOGS[value] = power;
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
}
const times = (a: number, b: number) =>
  a === 0 || b === 0 ? 0 : (POWERS[((LOGS[a] as number) + (LOGS[b] as number)) % 255] as number);

/** The generator of `degree` check bytes: the product of (x − 2ⁱ), highest power first, without its leading 1. */
function generator(degree: number): number[] {
  let product = [1];
  for (let i = 0; i < degree; i++) {
    const root = POWERS[i] as number;
    product = [...product, 0].map((at, place) => at ^ times(product[place - 1] ?? 0, root));
  }
  return product.slice(1);
}

/** The check bytes of a block: what is left of it, divided by the generator. */
function checks(block: readonly number[], degree: number): number[] {
  const divisor = generator(degree);
  const left = [...block, ...new Array<number>(degree).fill(0)];
  for (let i = 0; i < block.length; i++)
    for (let j = 0; j < degree; j++)
      left[i + j + 1] = (left[i + j + 1] as number) ^ times(divisor[j] as number, left[i] as number);
  return left.slice(block.length);
}

/** The text in byte mode, ended and padded to `size` bytes; `wide` where its length takes two bytes. */
function padded(text: Uint8Array, size: number, wide: boolean): number[] {
  const length = text.length.toString(2).padStart(wide ? 16 : 8, "0");
  const body = [...text].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const bits = `${BYTE_MODE.toString(2).padStart(4, "0")}${length}${body}0000`;
  const bytes = bits.match(/.{8}/g)?.map((eight) => Number.parseInt(eight, 2)) ?? [];
  for (let i = 0; bytes.length < size; i++) bytes.push(PADS[i % 2] as number);
  return bytes;
}

/** Take the first of every list, then the second of every list, as long as there are any. */
function interleaved(lists: readonly (readonly number[])[]): number[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}

/** The smallest version that holds the text, and its bytes in the order they are drawn; null where none does. */
export function encode(text: string): { version: number; bytes: number[] } | null {
  const said = new TextEncoder().encode(text);
  const at = VERSIONS.findIndex(([, , size], i) => said.length + (i < 9 ? 2 : 3) <= size);
  const chosen = VERSIONS[at];
  if (!chosen) return null;
  const [degree, count, size] = chosen;
  const data = padded(said, size, at >= 9);
  const short = Math.floor(size / count);
  const longer_from = count - (size % count); // the last blocks take the bytes that are left over
  const starts = Array.from({ length: count + 1 }, (_, i) => i * short + Math.max(0, i - longer_from));
  const blocks = starts.slice(1).map((end, i) => data.slice(starts[i], end));
  return {
    version: at + 1,
    bytes: [...interleaved(blocks), ...interleaved(blocks.map((block) => checks(block, degree)))],
  };
}
