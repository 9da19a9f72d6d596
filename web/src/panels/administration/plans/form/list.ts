/** A list whose rows are added, moved and taken out: the keyboard goes along with the row. */
import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { say } from "../../../../words/words";
import { moved } from "../draft";

const STOPS = "input, select, textarea, button";
const STEPS: Record<string, number> = { ArrowUp: -1, ArrowDown: 1 };
type Stop = HTMLElement & { disabled?: boolean };
const stopsOf = (row: Element): Stop[] => [...row.querySelectorAll<Stop>(STOPS)];

/** Where the keyboard is: the row, and which of its stops. */
function found(list: Element, target: Element): { row: number; stop: number } | null {
  const row = [...list.children].findIndex((child) => child.contains(target));
  const child = list.children[row];
  return child ? { row, stop: stopsOf(child).indexOf(target as Stop) } : null;
}

/** Build it for one list; `list` goes to the element whose children are the rows, `press` to its keys. */
export function useList<T>(value: readonly T[], change: (value: T[]) => void) {
  const list = useRef<HTMLUListElement>(null);
  const wanted = useRef<{ row: number; stop: number } | null>(null);
  const told = useSignal("");
  useLayoutEffect(() => {
    const at = wanted.current;
    wanted.current = null;
    if (!at) return;
    const row = list.current?.children[at.row];
    const stops = row ? stopsOf(row) : [];
    const next = stops.slice(Math.max(at.stop, 0)).find((stop) => !stop.disabled) ?? stops.at(-1);
    (next ?? list.current?.parentElement?.querySelector<HTMLElement>("[data-add], [role=combobox]"))?.focus();
  });

  function move(from: number, to: number, stop = 0): void {
    if (to < 0 || to >= value.length) return;
    wanted.current = { row: to, stop };
    told.value = say("plans.moved_to", { n: to + 1, of: value.length });
    change(moved(value, from, to));
  }
  function remove(row: number): void {
    wanted.current = { row: Math.min(row, value.length - 2), stop: 0 };
    change(value.filter((_, i) => i !== row));
  }
  function add(row: T, stay = false): void {
    if (!stay) wanted.current = { row: value.length, stop: 0 };
    change([...value, row]);
  }
  const replace = (row: number, changed: T) => change(value.map((one, i) => (i === row ? changed : one)));
  /** Alt with an arrow moves the row that has the keyboard; an outer list hears nothing of it. */
  function press(pressed: KeyboardEvent): void {
    const by = pressed.altKey ? STEPS[pressed.key] : undefined;
    const at = by && list.current ? found(list.current, pressed.target as Element) : null;
    if (!by || !at) return;
    pressed.preventDefault();
    pressed.stopPropagation();
    move(at.row, at.row + by, at.stop);
  }
  return { list, told, move, remove, add, replace, press };
}
