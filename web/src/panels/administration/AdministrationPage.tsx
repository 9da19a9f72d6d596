/** Who may enter, which machines may report, and what is shared with others. */
import { way } from "../../access/way";
import { say, type Word } from "../../words/words";
import { useHouse } from "../house";
import { Page } from "../page/Page";
import { Accounts } from "./Accounts";
import { Grants } from "./Grants";
import { Sources } from "./Sources";

const PARTS = [
  { name: "accounts", word: "admin.accounts", needs: "accounts.list", shown: Accounts },
  { name: "sources", word: "admin.sources", needs: "sources.list", shown: Sources },
  { name: "grants", word: "admin.grants", needs: "grants.list", shown: Grants },
] as const satisfies readonly { name: string; word: Word; needs: string; shown: unknown }[];

/** The page with the part that the address names, or the first that the role may open. */
export function AdministrationPage() {
  const { desk } = useHouse();
  const parts = PARTS.filter((part) => desk.may(part.needs));
  const chosen = parts.find((part) => part.name === way.value.part) ?? parts[0];
  if (!chosen) return null;
  const Shown = chosen.shown;
  return (
    <Page
      page="administration"
      title={say("page.administration")}
      parts={parts.map(({ name, word }) => ({ name, title: say(word) }))}
      part={chosen.name}
    >
      <Shown key={desk.session.value?.entered.id} />
    </Page>
  );
}
