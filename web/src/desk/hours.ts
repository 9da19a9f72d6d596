/** Times of day by which gaps are ranked, as hours of the clock in Almaty. */

export const DAYTIMES = ["any", "morning", "day", "evening", "night"] as const;
export type Daytime = (typeof DAYTIMES)[number];
export type Weighing = { categories: readonly string[]; daytime: Daytime };
export const ALL: Weighing = { categories: [], daytime: "any" };
const BEGINS: Record<Exclude<Daytime, "any">, [number, number]> = {
  morning: [6, 12],
  day: [12, 18],
  evening: [18, 23],
  night: [23, 6], // as order is kept at night: from 23 to 6
};

/** The hours of a time of day, from one up to the next; none for any. */
export function hours(one: Daytime): number[] {
  if (one === "any") return [];
  const [begin, end] = BEGINS[one];
  return Array.from({ length: (end - begin + 24) % 24 }, (_, n) => (begin + n) % 24);
}

/** As people write it: 23–6. */
export function hoursOf(one: Daytime): string {
  return one === "any" ? "" : BEGINS[one].join("–");
}

/** What a weighing adds to a question for gaps. */
export function asked({ categories, daytime }: Weighing): string {
  return [
    ...categories.map((one) => `&category=${encodeURIComponent(one)}`),
    ...hours(daytime).map((h) => `&hour=${h}`),
  ].join("");
}
