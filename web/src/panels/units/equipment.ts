/** Skills and equipment as one types them: words between commas, each thing with its number; pure. */

/** `ladder 2, foam` as what the server keeps. */
export function readEquipment(text: string): Record<string, number> {
  const things = readSkills(text).map((thing): [string, number] => {
    const [, name = thing, count] = thing.match(/^(.*?)\s*(?:[×x:]?\s*(\d+))?$/) ?? [];
    return [name.trim(), count === undefined ? 1 : Number(count)];
  });
  return Object.fromEntries(things.filter(([name]) => name !== ""));
}

/** The same, read back. */
export function writeEquipment(equipment: Record<string, number>): string {
  return Object.entries(equipment)
    .map(([name, count]) => (count === 1 ? name : `${name} ${count}`))
    .join(", ");
}

/** Words between commas, each once. */
export function readSkills(text: string): string[] {
  const words = text.split(/[,;\n]/).map((word) => word.trim());
  return [...new Set(words.filter((word) => word !== ""))];
}
