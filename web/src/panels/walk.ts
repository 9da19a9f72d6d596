/** Up and down through a list of buttons, from the field above it too. */

/** Handle the arrow keys in whatever holds the list. */
export function walkList(pressed: KeyboardEvent): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[pressed.key];
  if (!by) return;
  const stops = [...(pressed.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("input, li button")];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  stops[Math.max(0, Math.min(stops.length - 1, at + by))]?.focus();
  pressed.preventDefault();
}
