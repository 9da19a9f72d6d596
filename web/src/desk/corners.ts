/** Corners of an area as people type them: latitude and longitude, one corner a line; pure. */
export type Corner = [lon: number, lat: number];
/** What is wrong with a line, counted from 1; nothing where all are good. */
export type Read = { corners: Corner[]; wrong: { line: number; why: "not_two" | "swapped" | "nowhere" } | null };

const MOST_LAT = 84;

/** Read them; a comma may be the decimal mark where a semicolon or a space parts the two. */
export function readCorners(text: string): Read {
  const corners: Corner[] = [];
  for (const [n, line] of text.split("\n").entries()) {
    if (!line.trim()) continue;
    const [lat, lon, ...more] = numbersIn(line);
    const why =
      lat === undefined || lon === undefined || more.length > 0 || Number.isNaN(lat + lon)
        ? "not_two"
        : Math.abs(lon) > 180 || Math.abs(lat) > 180
          ? "nowhere"
          : Math.abs(lat) > MOST_LAT || looksSwapped(lat, lon)
            ? "swapped"
            : null;
    if (why || lat === undefined || lon === undefined)
      return { corners, wrong: { line: n + 1, why: why ?? "not_two" } };
    corners.push([lon, lat]);
  }
  return { corners, wrong: null };
}

function numbersIn(line: string): number[] {
  const parts = /[;\s]/.test(line.trim().replace(/,\s+/g, ";"))
    ? line
        .trim()
        .replace(/,\s+/g, ";")
        .split(/[;\s]+/)
    : line.split(",");
  return parts.filter(Boolean).map((part) => Number(part.replace(",", ".")));
}

/** The country lies between 40° and 56° north and 46° and 88° east: 76, 43 is no place of it, 43, 76 is. */
function looksSwapped(lat: number, lon: number): boolean {
  const inside = (north: number, east: number) => north >= 40 && north <= 56 && east >= 46 && east <= 88;
  return !inside(lat, lon) && inside(lon, lat);
}

/** The same as text. */
export const writeCorners = (corners: readonly Corner[]): string =>
  corners.map(([lon, lat]) => `${lat.toFixed(6)}, ${lon.toFixed(6)}`).join("\n");
