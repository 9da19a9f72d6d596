/** Who is signed in, for how long yet, and what they can do about their own account. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { say, sayOf, titleOf } from "../../words/words";
import { ChangePassword } from "../dialogs/ChangePassword";
import { Factors } from "../dialogs/Factors";
import { useHouse } from "../house";
import { walkList } from "../walk";
import { ShiftTime } from "./ShiftTime";

type Shown = "factors" | "password" | null;

/** The button with the name, and the menu under it. */
export function AccountMenu() {
  const { desk, access } = useHouse();
  const shown = useSignal<Shown>(null);
  const menu = useRef<HTMLDivElement>(null);
  const session = desk.session.value;
  if (!session) return null;
  const { account, shift, means } = session;
  function open(dialog: Shown): void {
    menu.current?.hidePopover();
    shown.value = dialog;
  }
  return (
    <div class="account">
      <button type="button" class="opener" popovertarget="account-menu">
        <span class="unseen">{say("account.menu")}:</span>
        <span class="who">
          <b>{account.name}</b>
          <span class="dim">{sayOf("role", account.role)}</span>
        </span>
        <span aria-hidden="true">▾</span>
      </button>
      <div
        id="account-menu"
        class="menu"
        popover="auto"
        role="dialog"
        aria-label={say("account.menu")}
        ref={menu}
        onKeyDown={walkList}
      >
        <p>
          <b>{account.name}</b> <span class="dim">{sayOf("role", account.role)}</span>
          <br />
          <span class="dim">{say("account.own_area", { area: titleOf(account.area.name) })}</span>
        </p>
        <ShiftTime shift={shift} />
        <ul>
          <li>
            <button type="button" onClick={() => open("factors")}>
              <span>{say("factor.title")}</span>
              <span class="dim">{account.second_factors.length === 0 ? say("factor.off") : say("factor.on")}</span>
            </button>
          </li>
          {means === "password" && (
            <li>
              <button type="button" onClick={() => open("password")}>
                {say("password.title")}
              </button>
            </li>
          )}
          <li>
            <button type="button" onClick={() => void access.leave()}>
              {say("signout")}
            </button>
          </li>
        </ul>
      </div>
      {shown.value === "factors" && <Factors close={() => (shown.value = null)} />}
      {shown.value === "password" && <ChangePassword close={() => (shown.value = null)} />}
    </div>
  );
}
