/** The picture of a QR code: its fixed patterns, its bytes in their zigzag, and one mask (ISO/IEC 18004). */
import { encode } from "./blocks";

type Grid = (boolean | null)[][]; // null: nothing is drawn there yet

/** Level L and the mask "rows and columns together even" (tables 25 and 23): any mask is read, this one is plain. */
const FORMAT = 0b01_000;

/** What is left of `value` shifted by the generator's degree: a BCH code's check bits (annexes C and D). */
function bch(value: number, generator: number): number {
  const degree = 31 - Math.clz32(generator);
  let left = value << degree;
  while (31 - Math.clz32(left) >= degree && left !== 0) left ^= generator << (31 - Math.clz32(left) - degree);
  return (value << degree) | left;
}

function put(grid: Grid, row: number, column: number, dark: boolean): void {
  const line = grid[row];
  if (line && column >= 0 && column < line.length) line[column] = dark;
}

/** A square of rings around its middle: dark except where the distance is one of `light`. */
function rings(grid: Grid, row: number, column: number, reach: number, light: readonly number[]): void {
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++)
      put(grid, row + dy, column + dx, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
}

/** Where the middles of the small squares stand (annex E, versions 2 to 13). */
function middles(version: number): number[] {
  if (version === 1) return [];
  const last = version * 4 + 10;
  return version < 7 ? [6, last] : [6, (6 + last) / 2, last];
}

function fixed(grid: Grid, version: number): void {
  const size = grid.length;
  for (let i = 0; i < size; i++) {
    put(grid, 6, i, i % 2 === 0);
    put(grid, i, 6, i % 2 === 0);
  }
  for (const [row, column] of [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ] as const)
    rings(grid, row, column, 4, [2, 4]);
  const at = middles(version);
  const corner = (row: number, column: number) =>
    [row, column].every((place) => place === 6) || (Math.min(row, column) === 6 && Math.max(row, column) === at.at(-1));
  for (const row of at) for (const column of at) if (!corner(row, column)) rings(grid, row, column, 2, [1]);
}

/** The level and mask, twice, and from version 7 on the version, twice. */
function told(grid: Grid, version: number): void {
  const size = grid.length;
  const format = bch(FORMAT, 0x537) ^ 0x5412;
  for (let i = 0; i < 15; i++) {
    const dark = ((format >> i) & 1) === 1;
    put(grid, i < 6 ? i : i < 8 ? i + 1 : size - 15 + i, 8, dark);
    put(grid, 8, i < 8 ? size - 1 - i : i < 9 ? 7 : 14 - i, dark);
  }
  put(grid, size - 8, 8, true);
  if (version < 7) return;
  const code = bch(version, 0x1f25);
  for (let i = 0; i < 18; i++) {
    const [near, far] = [Math.floor(i / 3), size - 11 + (i % 3)];
    put(grid, near, far, ((code >> i) & 1) === 1);
    put(grid, far, near, ((code >> i) & 1) === 1);
  }
}

/** Fill what is free with the bits, two columns at a time from the right, up and down in turn. */
function fill(grid: Grid, bytes: readonly number[]): void {
  const size = grid.length;
  let [bit, up] = [0, true];
  for (let right = size - 1; right > 0; right -= right === 8 ? 3 : 2, up = !up)
    for (let i = 0; i < size; i++) {
      const row = up ? size - 1 - i : i;
      for (const column of [right, right - 1]) {
        if (grid[row]?.[column] !== null) continue;
        const dark = (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
        put(grid, row, column, dark !== ((row + column) % 2 === 0));
        bit++;
      }
    }
}

/** The code of a text as rows of squares, true where dark, without its margin; null where the text is too long. */
export function qrCode(text: string): boolean[][] | null {
  const encoded = encode(text);
  if (!encoded) return null;
  const size = encoded.version * 4 + 17;
  const grid: Grid = Array.from({ length: size }, () => new Array<boolean | null>(size).fill(null));
  fixed(grid, encoded.version);
  told(grid, encoded.version);
  fill(grid, encoded.bytes);
  return grid.map((line) => line.map(Boolean));
}
