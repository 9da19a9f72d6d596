/** Which accounts a search finds; pure. */
import type { AccountRow } from "../../api/access";
import type { Language } from "../../api/types";

/** Every word that is sought stands in the name, the role or the area's name. */
export function found(accounts: readonly AccountRow[], sought: string, language: Language): AccountRow[] {
  const words = sought.toLocaleLowerCase().split(/\s+/);
  const text = (account: AccountRow) =>
    `${account.name} ${account.role} ${account.area.name[language]}`.toLocaleLowerCase();
  return accounts.filter((account) => words.every((word) => text(account).includes(word)));
}
