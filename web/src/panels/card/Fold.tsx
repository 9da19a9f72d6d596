/** A part of a card that folds; this machine remembers which are folded. */
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";

const KEPT = "qyran.folded";
const turned = signal<Record<string, boolean>>(remembered());

function remembered(): Record<string, boolean> {
  try {
    return JSON.parse(globalThis.localStorage?.getItem(KEPT) ?? "{}");
  } catch {
    return {};
  }
}

type Props = {
  id: string;
  title: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
  /** Folded until somebody opens it. */
  shut?: boolean;
  /** Something in it cannot wait: it stands open whatever was chosen. */
  urgent?: boolean;
};

/** The part; what it says beside its title is read while it is folded too. */
export function Fold({ id, title, aside, children, shut = false, urgent = false }: Props) {
  const open = urgent || !(turned.value[id] ?? shut);
  function turn(): void {
    turned.value = { ...turned.value, [id]: open };
    globalThis.localStorage?.setItem(KEPT, JSON.stringify(turned.value));
  }
  return (
    <section class={`part fold ${open ? "" : "folded"}`} aria-labelledby={id}>
      <header>
        <h3>
          <button type="button" class="turns" id={id} aria-expanded={open} onClick={turn}>
            <i aria-hidden="true" />
            {title}
          </button>
        </h3>
        {aside}
      </header>
      {open && children}
    </section>
  );
}
