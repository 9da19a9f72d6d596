/** A dialog over the page: the keyboard stays in it, Esc closes it, and what had the keyboard before gets it back. */
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { say } from "../../words/words";
import { PanicBar } from "../panic/PanicBar";

type Props = { title: string; close: () => void; children: ComponentChildren; wide?: boolean };

/** What has the keyboard at first: the first field, or the button that is there instead of one. */
const FIRST = "form :is(input:not([type=radio]), select, textarea, button:not(.ends *))";

/** Shown as long as it is drawn. */
export function Dialog({ title, close, children, wide = false }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    const first = shown?.querySelector<HTMLElement>("[data-first]") ?? shown?.querySelector<HTMLElement>(FIRST);
    first?.focus();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      tabIndex={-1}
      class={wide ? "dialog wide-dialog" : "dialog"}
      aria-labelledby={id}
      onCancel={(cancelled) => {
        cancelled.preventDefault(); // whoever draws it takes it away
        close();
      }}
    >
      <PanicBar />
      <div class="bar">
        <h2 id={id}>{title}</h2>
        <button type="button" class="quiet" aria-label={say("close_panel")} title="Esc" onClick={close}>
          ✕
        </button>
      </div>
      {children}
    </dialog>
  );
}

/** The row of buttons at the end of a dialog. */
export function Buttons(props: { busy: boolean; submit: string; cancel: () => void; first?: boolean }) {
  const { busy, submit, cancel, first } = props;
  return (
    <div class="ends">
      <button type="button" onClick={cancel}>
        {say("cancel")}
      </button>
      <button type="submit" class="primary" disabled={busy} data-first={first}>
        {submit}
      </button>
    </div>
  );
}
