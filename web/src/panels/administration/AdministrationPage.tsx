/** Who may enter, which units there are, which machines may report, what is shared with others, whom there is to tell, which plates are looked for, and the plans. */
import { way } from "../../access/way";
import { say, type Word } from "../../words/words";
import { useHouse } from "../house";
import { later } from "../page/later";
import { Page } from "../page/Page";
import { Accounts } from "./Accounts";
import { Contacts } from "./Contacts";
import { Grants } from "./Grants";
import { Hotlist } from "./hotlist/Hotlist";
import { Sources } from "./Sources";
import { Units } from "./Units";

const Plans = later(() => import("./plans/Plans").then((file) => file.Plans));

const PARTS = [
  { name: "accounts", word: "admin.accounts", needs: "accounts.list", shown: Accounts },
  { name: "units", word: "admin.units", needs: "units.enrolled", shown: Units },
  { name: "sources", word: "admin.sources", needs: "sources.list", shown: Sources },
  { name: "grants", word: "admin.grants", needs: "grants.list", shown: Grants },
  { name: "contacts", word: "admin.contacts", needs: "contacts.list", shown: Contacts },
  { name: "hotlist", word: "admin.hotlist", needs: "hotlist.read", shown: Hotlist },
  { name: "plans", word: "admin.plans", needs: "plans.read", shown: Plans },
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
