/** Words of statuses and notes as the crew reads them. */
import data from "../../../data/statuses.json";
import type { Title } from "../api/types";
import { distance } from "../words/formats";
import { language, say, sayOf, titleOf } from "../words/words";
import type { Note, Reason, Task } from "./values";

const STATUSES: Record<string, Title> = data.units;

/** What a status or a duty is called; known without a connection. */
export const statusTitle = (status: string): string => titleOf(STATUSES[status]) || status.replaceAll("_", " ");

/** The same where it begins a line or stands on a button. */
export function statusHeading(status: string): string {
  const title = statusTitle(status);
  return title.charAt(0).toUpperCase() + title.slice(1);
}

/** The word by which the unit's own service says a status; null where it says it as everybody does. */
export function ownWord(words: readonly Reason[], status: string): string | null {
  const word = words.find(({ means }) => means.status === status && status !== "refused");
  return word ? titleOf(word.title) : null;
}

/** What stands on the button that leads to a status. */
export const doTitle = (status: string): string => sayOf("crew.do", status);

/** Where it is: the address, else what stands nearest. */
export function whereOf({ address, near }: Pick<Task["incident"], "address" | "near">): string {
  if (address) return address;
  return near ? say("crew.near", { title: titleOf(near.title), d: distance(near.away_m) }) : say("crew.no_address");
}

/** A hazard, however it is told. */
export function noteText(note: Note): string {
  if (typeof note === "string") return note;
  return "text" in note ? note.text : note[language.value];
}
