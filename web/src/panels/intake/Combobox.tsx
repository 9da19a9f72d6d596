/** A field with a list that follows what is typed: the editable combobox of the ARIA Authoring Practices. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

export type OptionGroup<T> = { name: string; title: string | null; options: readonly T[] };
type Props<T> = {
  label: string;
  value: string;
  groups: readonly OptionGroup<T>[];
  keyOf: (option: T) => string;
  children: (option: T) => ComponentChildren;
  typed: (text: string) => void;
  choose: (option: T) => void;
  left?: () => void;
  /** Whether the list stands open as soon as the field is entered, because something was sought already. */
  sought?: boolean;
  note?: string | null;
  placeholder?: string;
  shortcut?: string;
  id?: string;
  shown?: (option: T | null) => void;
};

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

/** The first option is the active one as soon as there is a list, so that Enter takes the likeliest. */
export function Combobox<T>(props: Props<T>) {
  const { label, value, groups, keyOf, children, typed, choose, left, note, placeholder, shortcut, shown, sought } =
    props;
  const own = useId();
  const id = props.id ?? own;
  const [open, at] = [useSignal(false), useSignal(0)];
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const options = groups.flatMap((group) => group.options);
  const active = Math.min(at.value, options.length - 1);
  const expanded = open.value && options.length > 0;
  const optionId = (i: number) => `${id}-${i}`;
  useEffect(() => {
    if (expanded) list.current?.scrollIntoView({ block: "nearest" }); // the panel may end right below the field
  }, [expanded]);
  useEffect(() => {
    if (expanded) list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
    shown?.(expanded ? (options[active] ?? null) : null);
  }, [expanded, active, groups]);

  useEffect(() => {
    if (sought && document.activeElement === input.current) open.value = true;
  }, [sought]);

  function close(): void {
    open.value = false;
    at.value = 0;
  }
  function take(option: T | undefined): void {
    if (option === undefined) return;
    close();
    choose(option);
  }
  function press(pressed: KeyboardEvent): void {
    const by = STEPS[pressed.key];
    if (by && !pressed.altKey) {
      if (expanded) at.value = (active + by + options.length) % options.length;
      open.value = true;
    } else if (pressed.key === "Enter" && expanded && !pressed.ctrlKey) take(options[active]);
    else if (pressed.key === "Escape" && expanded) close();
    else return;
    pressed.preventDefault();
    pressed.stopPropagation(); // Esc closes the list, not the panel that it stands in
  }
  let i = -1;
  return (
    <div class="combobox">
      <input
        ref={input}
        id={id}
        role="combobox"
        aria-label={label}
        aria-autocomplete="list"
        aria-expanded={expanded}
        aria-controls={`${id}-list`}
        aria-activedescendant={expanded ? optionId(active) : undefined}
        aria-keyshortcuts={shortcut}
        placeholder={placeholder}
        autocomplete="off"
        spellcheck={false}
        maxLength={200}
        value={value}
        onInput={(input) => {
          typed(input.currentTarget.value);
          open.value = true;
          at.value = 0;
        }}
        onClick={() => (open.value = true)}
        onFocus={() => {
          if (sought) open.value = true;
        }}
        onKeyDown={press}
        onBlur={() => {
          close();
          left?.();
        }}
      />
      <div class="options-list" id={`${id}-list`} role="listbox" aria-label={label} ref={list} hidden={!expanded}>
        {expanded &&
          groups.map((group) => (
            <div key={group.name} role="group" aria-label={group.title ?? label}>
              {group.title && (
                <p class="dim" aria-hidden="true">
                  {group.title}
                </p>
              )}
              {group.options.map((option) => {
                i += 1;
                const own_at = i;
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard stays in the field, which handles it
                  // biome-ignore lint/a11y/useFocusableInteractive: likewise: the field points at the active option
                  <div
                    key={keyOf(option)}
                    id={optionId(own_at)}
                    role="option"
                    aria-selected={own_at === active}
                    onMouseDown={(pressed) => pressed.preventDefault()}
                    onMouseMove={() => (at.value = own_at)}
                    onClick={() => take(option)}
                  >
                    {children(option)}
                  </div>
                );
              })}
            </div>
          ))}
      </div>
      <span class="unseen" aria-live="polite">
        {open.value ? note : ""}
      </span>
    </div>
  );
}
