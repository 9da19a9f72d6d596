/** The pages that a role may open, as links: the browser's own Back goes back through them. */
import { addressOf, opens, PAGES, shownPage } from "../../access/way";
import { say } from "../../words/words";
import { useHouse } from "../house";

/** Nothing for those who have the desk alone. */
export function Pages() {
  const { desk } = useHouse();
  const pages = PAGES.filter((page) => page !== "rules" && opens(page, desk.may)); // those are of one camera
  if (pages.length < 2) return null;
  const shown = shownPage(desk.may);
  return (
    <nav class="ways" aria-label={say("page.title")}>
      {pages.map((page) => (
        <a key={page} href={addressOf(page)} aria-current={page === shown ? "page" : undefined}>
          {say(`page.${page}`)}
        </a>
      ))}
    </nav>
  );
}
