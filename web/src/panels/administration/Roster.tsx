/** A list to search, one of it at length beside it, and a form that makes one more. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { say, type Word } from "../../words/words";
import { Alert } from "../Alert";
import type { useAsked } from "../page/asked";

type Listed = { id: number; name: string };
type Props<T> = {
  asked: ReturnType<typeof useAsked<T[]>>;
  title: string;
  search: string;
  found: (all: readonly T[], sought: string) => T[];
  none: string;
  /** What the button that makes one more is called; nothing for whoever may not. */
  make: string | false;
  heads: readonly Word[];
  /** Stands by the name. */
  beside?: (one: T) => ComponentChildren;
  cells: (one: T) => ComponentChildren;
  /** It is not in use: its row is dim. */
  over?: (one: T) => boolean;
  detail: (one: T, close: () => void) => ComponentChildren;
  form: (made: (one_id: number) => void, close: () => void) => ComponentChildren;
  /** Stands above the list. */
  children?: ComponentChildren;
};

/** The part of the page. */
export function Roster<T extends Listed>(props: Props<T>) {
  const { asked, title, search, found, none, make, heads, beside, cells, over, detail, form, children } = props;
  const [sought, chosen_id, making] = [useSignal(""), useSignal<number | null>(null), useSignal(false)];
  const list = useRef<HTMLElement>(null);
  const all = asked.value.value ?? [];
  const shown = found(all, sought.value);
  const chosen = all.find((one) => one.id === chosen_id.value);
  function close(): void {
    list.current?.querySelector<HTMLElement>("[aria-current=true]")?.focus(); // back to where it was opened
    chosen_id.value = null;
  }
  function made(one_id: number): void {
    chosen_id.value = one_id;
    void asked.again();
  }
  return (
    <div class="master">
      <section class="sheet-list" ref={list} aria-label={title}>
        <div class="line">
          <input
            type="search"
            aria-label={search}
            placeholder={search}
            value={sought.value}
            onInput={(typed) => (sought.value = typed.currentTarget.value)}
          />
          {make && (
            <button type="button" class="primary" onClick={() => (making.value = true)}>
              {make}
            </button>
          )}
        </div>
        {children}
        <Alert>{asked.wrong.value}</Alert>
        <div class="scrolls" tabIndex={0} role="group" aria-label={title}>
          <table>
            <thead>
              <tr>
                {heads.map((head) => (
                  <th scope="col" key={head}>
                    {say(head)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((one) => (
                <tr key={one.id} class={`${one === chosen ? "on" : ""} ${over?.(one) ? "over" : ""}`}>
                  <th scope="row">
                    <button
                      type="button"
                      class="link strong"
                      aria-current={one === chosen}
                      onClick={() => (chosen_id.value = one.id)}
                    >
                      {one.name}
                    </button>
                    {beside?.(one)}
                  </th>
                  {cells(one)}
                </tr>
              ))}
            </tbody>
          </table>
          {asked.value.value && shown.length === 0 && <p class="empty">{none}</p>}
        </div>
      </section>
      {chosen && detail(chosen, close)}
      {making.value && form(made, () => (making.value = false))}
    </div>
  );
}
