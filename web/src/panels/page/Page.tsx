/** The frame of a page beside the desk: its title, its parts, and what can be made there. */
import type { ComponentChildren } from "preact";
import { addressOf, type Page as PageName } from "../../access/way";

export type Part = { name: string; title: string };
type Props = {
  page: PageName;
  title: string;
  parts?: readonly Part[];
  part?: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
};

/** Drawn over the desk, which waits behind it. */
export function Page({ page, title, parts = [], part, aside, children }: Props) {
  return (
    <main class="page" id="page" tabIndex={-1} aria-labelledby="page-title">
      <header>
        <h2 id="page-title">{title}</h2>
        {parts.length > 1 && (
          <nav class="ways" aria-label={title}>
            {parts.map((one) => (
              <a key={one.name} href={addressOf(page, one.name)} aria-current={one.name === part ? "page" : undefined}>
                {one.title}
              </a>
            ))}
          </nav>
        )}
        <span class="room" />
        {aside}
      </header>
      {children}
    </main>
  );
}
