/** What the crew page's parts are handed by `main.tsx`. */
import type { ReadonlySignal, Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { CrewClient } from "./client";
import type { Crew } from "./crew";
import type { Outbox } from "./outbox";
import type { Places } from "./places";
import type { Push } from "./push";
import type { Act } from "./values";

export const TABS = ["task", "way", "messages", "unit"] as const;
export type Tab = (typeof TABS)[number];
export type Page = {
  client: CrewClient;
  crew: Crew;
  outbox: Outbox;
  places: Places;
  push: Push;
  tab: Signal<Tab>;
  /** The phone's clock in ms since 1970, told each second. */
  now: ReadonlySignal<number>;
  /** Whether what is kept outlives the page. */
  lasting: boolean;
  /** Do it: kept at once, sent as soon as it can be. */
  act: (act: Act) => void;
  /** What went wrong on the phone itself; null where nothing did. */
  trouble: Signal<string | null>;
};

export const PageContext = createContext<Page | null>(null);

/** The page of the part that asks. */
export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error("a part stands outside the page");
  return page;
}
