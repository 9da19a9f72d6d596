/** The accounts of the area and below: a list to search, and one of them at length. */

import type { AccountRow } from "../../api/access";
import { language, say, sayOf, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { AccountDetail } from "./AccountDetail";
import { NewAccount } from "./NewAccount";
import { Roster } from "./Roster";
import { found } from "./search";

function State({ account }: { account: AccountRow }) {
  if (!account.enabled) return <span class="status away">{say("account.disabled")}</span>;
  if (account.locked) return <span class="status sent">{say("account.locked")}</span>;
  return <span class="status free">{say("account.enabled")}</span>;
}

function Cells({ account }: { account: AccountRow }) {
  return (
    <>
      <td>{sayOf("role", account.role)}</td>
      <td>{titleOf(account.area.name)}</td>
      <td>
        <State account={account} />
      </td>
      <td class="dim">{account.second_factors.map((factor) => sayOf("factor.kind", factor)).join(", ") || "—"}</td>
    </>
  );
}

function Demo() {
  return (
    <span class="dim">
      {" "}
      ·{"\u00a0"}
      {say("demo")}
    </span>
  );
}

/** The part of the page. */
export function Accounts() {
  const { client, desk } = useHouse();
  const asked = useAsked(client.accounts);
  return (
    <Roster
      asked={asked}
      title={say("admin.accounts")}
      search={say("account.search")}
      found={(accounts, sought) => found(accounts, sought, language.value)}
      none={say("account.none")}
      make={desk.may("accounts.write") && say("account.make")}
      heads={["account.name", "account.role", "account.area", "account.state", "account.factor"]}
      beside={(account) => account.demo && <Demo />}
      cells={(account) => <Cells account={account} />}
      detail={(account, close) => (
        <AccountDetail key={account.id} account={account} changed={() => void asked.again()} close={close} />
      )}
      form={(made, close) => <NewAccount made={made} close={close} />}
    />
  );
}
