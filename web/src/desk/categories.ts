/** The categories as somebody picks one: by group, searched in all three languages; and which an event speaks of; pure. */
import type { Category, Language, MapDocument, QyranEvent } from "../api/types";

export type PickedCategory = Category & { name: string };
export type CategoryGroup = { name: string; title: string; categories: PickedCategory[] };
type Known = Pick<MapDocument, "categories" | "groups">;

/** Letters as they are compared: people leave out the tails of Kazakh letters and the dots of `ё`. */
const ALIKE: Record<string, string> = {
  ә: "а",
  ғ: "г",
  қ: "к",
  ң: "н",
  ө: "о",
  ұ: "у",
  ү: "у",
  һ: "х",
  і: "и",
  ё: "е",
};
const plain = (text: string) => text.toLocaleLowerCase().replace(/[әғқңөұүһіё]/g, (letter) => ALIKE[letter] ?? letter);

/** Lower is better: a title that begins with what is sought, a word in it that does, any place in it; null for none. */
function rank(titles: string[], sought: string): number | null {
  if (sought === "") return 2;
  const found = titles.map(plain).map((title) => {
    if (title.startsWith(sought)) return 0;
    return new RegExp(`[\\s,(/-]${sought.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`).test(title) ? 1 : 3;
  });
  const best = Math.min(...found);
  if (best < 3) return best;
  return titles.some((title) => plain(title).includes(sought)) ? 2 : null;
}

/** The groups that hold something, best first where something is sought; what begins so stands first in each. */
export function pickCategories(known: Known, text: string, language: Language): CategoryGroup[] {
  const sought = plain(text.trim());
  const ranked = Object.entries(known.categories).flatMap(([name, category]) => {
    const group = known.groups?.[category.group]?.title;
    const own = rank([...Object.values(category.title), name], sought);
    const by_group = sought && group ? rank(Object.values(group), sought) : null;
    const at = own ?? (by_group === null ? null : 4);
    return at === null ? [] : [{ ...category, name, at }];
  });
  const groups = [...new Set(ranked.map((one) => one.group))].map((name) => {
    const inside = ranked.filter((one) => one.group === name).sort((a, b) => a.at - b.at);
    return { name, title: known.groups?.[name]?.title[language] ?? name, categories: inside, best: inside[0]?.at ?? 9 };
  });
  return groups.sort((a, b) => a.best - b.best).map(({ best: _, ...group }) => group);
}

/** The category that an event opens where nobody says another, as the server takes it: its sender's, else its kind's. */
export function categoryOf(known: Pick<MapDocument, "categories" | "kinds">, event: QyranEvent): string {
  const said = event.details.category;
  if (typeof said === "string" && Object.hasOwn(known.categories, said)) return said;
  return (known.kinds[event.kind] ?? known.kinds.outside)?.category ?? "other";
}
