/** Why something was not done, told as soon as it is known; empty while all is well. */
import type { ComponentChildren } from "preact";

export function Alert({ children }: { children: ComponentChildren }) {
  return (
    <p class="wrong" role="alert">
      {children}
    </p>
  );
}
