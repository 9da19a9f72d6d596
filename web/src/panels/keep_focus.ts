/** The keyboard is never nowhere: what had it and was switched off or taken away gives it to what stood around it. */

/** Who may have it: the thing itself, or the list, the panel or the dialog that it stood in. */
const TAKERS = "button, input, select, textarea, a[href], summary, [tabindex]";
const REMEMBERED = 8; // a dialog over a dialog over a menu, and some

/** An element and all that it stands in, as it stood when it got the keyboard. */
function around(element: Element): Element[] {
  const found: Element[] = [];
  for (let at: Element | null = element; at; at = at.parentElement) found.push(at);
  return found;
}

function takes(element: Element): boolean {
  return element.isConnected && element.matches(TAKERS) && !element.matches(":disabled") && element.checkVisibility();
}

/** Watch a page for as long as it stands. */
export function keepFocus(page: Document): void {
  let places: Element[][] = []; // where the keyboard was, the latest first
  const nowhere = () => page.activeElement === page.body;
  page.addEventListener("focusin", (gained) => {
    places = [around(gained.target as Element), ...places].slice(0, REMEMBERED);
  });
  page.addEventListener("pointerdown", () => (places = []), { capture: true }); // a click beside everything means nowhere
  function give(): void {
    if (!nowhere()) return;
    for (const place of places) {
      const [last] = place;
      if (last?.isConnected && last.matches(":disabled")) return; // it works, and comes back
      const taker = place.find(takes);
      if (taker instanceof HTMLElement) taker.focus({ preventScroll: true }); // nothing happens behind a dialog
      if (!nowhere()) return;
    }
  }
  const watch = new MutationObserver(give);
  watch.observe(page.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled", "open"] });
}
