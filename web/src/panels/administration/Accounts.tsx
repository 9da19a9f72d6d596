/** The accounts of the area and below: a list to search, and one of them at length. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { AccountRow } from "../../api/access";
import { language, say, sayOf, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { AccountDetail } from "./AccountDetail";
import { NewAccount } from "./NewAccount";
import { found } from "./search";

function State({ account }: { account: AccountRow }) {
  if (!account.enabled) return <span class="status away">{say("account.disabled")}</span>;
  if (account.locked) return <span class="status sent">{say("account.locked")}</span>;
  return <span class="status free">{say("account.enabled")}</span>;
}

function Row({ account, on, choose }: { account: AccountRow; on: boolean; choose: () => void }) {
  return (
    <tr class={on ? "on" : ""}>
      <th scope="row">
        <button type="button" class="link strong" aria-current={on} onClick={choose}>
          {account.name}
        </button>
        {account.demo && (
          <span class="dim">
            {" "}
            ·{"\u00a0"}
            {say("demo")}
          </span>
        )}
      </th>
      <td>{sayOf("role", account.role)}</td>
      <td>{titleOf(account.area.name)}</td>
      <td>
        <State account={account} />
      </td>
      <td class="dim">{account.second_factors.map((factor) => sayOf("factor.kind", factor)).join(", ") || "—"}</td>
    </tr>
  );
}

/** The part of the page. */
export function Accounts() {
  const { client, desk } = useHouse();
  const { value, wrong, again } = useAsked(client.accounts);
  const sought = useSignal("");
  const chosen_id = useSignal<number | null>(null);
  const making = useSignal(false);
  const list = useRef<HTMLElement>(null);
  const accounts = value.value ?? [];
  const shown = found(accounts, sought.value, language.value);
  const chosen = accounts.find((account) => account.id === chosen_id.value);
  return (
    <div class="master">
      <section class="sheet-list" ref={list} aria-label={say("admin.accounts")}>
        <div class="line">
          <input
            type="search"
            aria-label={say("account.search")}
            placeholder={say("account.search")}
            value={sought.value}
            onInput={(typed) => (sought.value = typed.currentTarget.value)}
          />
          {desk.may("accounts.write") && (
            <button type="button" class="primary" onClick={() => (making.value = true)}>
              {say("account.make")}
            </button>
          )}
        </div>
        <p class="wrong" role="alert">
          {wrong.value}
        </p>
        <div class="scrolls" tabIndex={0} role="group" aria-label={say("admin.accounts")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{say("account.name")}</th>
                <th scope="col">{say("account.role")}</th>
                <th scope="col">{say("account.area")}</th>
                <th scope="col">{say("account.state")}</th>
                <th scope="col">{say("account.factor")}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((account) => (
                <Row
                  key={account.id}
                  account={account}
                  on={account.id === chosen_id.value}
                  choose={() => (chosen_id.value = account.id)}
                />
              ))}
            </tbody>
          </table>
          {value.value && shown.length === 0 && <p class="empty">{say("account.none")}</p>}
        </div>
      </section>
      {chosen && (
        <AccountDetail
          key={chosen.id}
          account={chosen}
          changed={() => void again()}
          close={() => {
            list.current?.querySelector<HTMLElement>("[aria-current=true]")?.focus(); // back to where it was opened
            chosen_id.value = null;
          }}
        />
      )}
      {making.value && (
        <NewAccount
          close={() => (making.value = false)}
          made={(id) => {
            chosen_id.value = id;
            void again();
          }}
        />
      )}
    </div>
  );
}
