/** Which page is shown, kept in the address so that a reload and the browser's own Back stay true. */
import { signal } from "@preact/signals";

export const PAGES = [
  "desk",
  "video",
  "archive",
  "replay",
  "roster",
  "figures",
  "compliance",
  "exchange",
  "calibration",
  "rules",
  "register",
  "administration",
  "audit",
] as const;
export type Page = (typeof PAGES)[number];
export type Way = { page: Page; part: string };

/** Read the page out of the address's fragment, `#/administration/sources`, `#/calibration/12`; anything else is the desk. */
export function readWay(fragment: string): Way {
  const [, page = "", part = ""] = fragment.match(/^#\/([a-z]+)(?:\/([a-z]+|\d+))?$/) ?? [];
  const known = PAGES.find((one) => one === page);
  return known ? { page: known, part } : { page: "desk", part: "" };
}

/** The address of a page. */
export function addressOf(page: Page, part = ""): string {
  return `#/${page}${part && `/${part}`}`;
}

/** The page that the address names now. */
export const way = signal<Way>(readWay(globalThis.location?.hash ?? ""));
globalThis.addEventListener?.("hashchange", () => (way.value = readWay(location.hash)));

type May = (operation: string) => boolean;
/** One of these operations of the server's policy opens a page; everybody has the desk. */
const OPENED_BY: Record<Exclude<Page, "desk">, readonly string[]> = {
  video: ["video.watch"],
  archive: ["recordings.search"],
  replay: ["replay.open"],
  roster: ["units.roster"],
  figures: ["clocks.figures"],
  compliance: ["compliance.read"],
  exchange: ["incidents.export", "incidents.import"],
  calibration: ["cameras.draft"],
  rules: ["cameras.read"],
  register: ["register.change"],
  administration: ["accounts.list", "sources.list", "grants.list"],
  audit: ["audit.search"],
};

/** Whether a role that may do these operations has the page. */
export function opens(page: Page, may: May): boolean {
  return page === "desk" || OPENED_BY[page].some(may);
}

/** The page that is shown: the one of the address, where the role has it, else the desk. */
export function shownPage(may: May): Page {
  return opens(way.value.page, may) ? way.value.page : "desk";
}
