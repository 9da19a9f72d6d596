/** The small parts that all panels are made of. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Picture, QyranEvent, Title } from "../api/types";
import { wordOf } from "../desk/labels";
import { tone } from "../desk/status";
import { ago, clock, date } from "../words/formats";
import { language, say, titleOf as titleIn } from "../words/words";
import { cropAround } from "./crop";
import { useHouse } from "./house";

/** A priority as the map draws it: shape, colour and number. */
export function Badge({ priority, size = 26 }: { priority: number; size?: number }) {
  const shapes = [
    <path d="M13 .8 25.2 13 13 25.2.8 13z" />,
    <rect x="2.5" y="2.5" width="21" height="21" rx="4" />,
    <circle cx="13" cy="13" r="11" />,
    <circle cx="13" cy="13" r="9.5" />,
  ];
  return (
    <svg
      class={`badge p${priority}`}
      width={size}
      height={size}
      viewBox="0 0 26 26"
      role="img"
      aria-label={say("priority.n", { n: priority })}
    >
      {shapes[priority - 1] ?? shapes[3]}
      <text x="13" y="17.5" text-anchor="middle">
        {priority}
      </text>
    </svg>
  );
}

const GLYPHS: Record<string, string> = {
  police: "M12 4.8 14 9.600l5.2.4-4 3.4 1.3 5.100L12 15.700l-4.5 2.8 1.3-5.1-4-3.4 5.2-.4z",
  ambulance: "M10 5h4v5h5v4h-5v5h-4v-5H5v-4h5z",
  fire: "M12.8 3.800c.6 3.5 4 4.5 4 9.2 0 3-2.1 5.2-4.8 5.200S7.2 16 7.2 13.200c0-2.2 1.1-3.1 1.9-5 .8 1.5 1.4 2 1.9 2.3.8-1.7.8-4 1.8-6.700z",
  rescue: "M12 5.2 18.6 17H5.400z",
  gas: "M12 5.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zm0 3.200a3.300 3.300 0 1 1 0 6.600 3.300 3.300 0 0 1 0-6.600z",
};

/** A service's sign in the colour of a status. */
export function ServiceSign({ service, status }: { service: string; status?: string }) {
  const title = useServiceTitle();
  return (
    <svg
      class={`sign ${status ? tone(status) : ""}`}
      width="24"
      height="24"
      viewBox="0 0 24 24"
      role="img"
      aria-label={title(service)}
    >
      <circle cx="12" cy="12" r="11" />
      <path d={GLYPHS[service] ?? "M8 11h8v2H8z"} />
    </svg>
  );
}

/** A unit's status in words, its service's own where that has one, with its colour as a dot. */
export function Status({ status, service }: { status: string; service?: string }) {
  const title = useStatusTitle();
  return <span class={`status ${tone(status)}`}>{title(status, service)}</span>;
}

/** How long ago something was, ticking; the exact time stands in its title. */
export function Age({ at }: { at: string }) {
  const { now } = useHouse();
  const seconds = (now.value - new Date(at).getTime()) / 1000;
  return (
    <time dateTime={at} title={`${date(at)}, ${clock(at, true)}`}>
      {ago(seconds)}
    </time>
  );
}

/** The camera's picture with the box of what was seen; `close` cuts it out around the box. One that may not be seen,
 * or does not come, says so. */
export function Shot({ picture, label, close = false }: { picture: Picture; label: string; close?: boolean }) {
  const { width_px, height_px, box } = picture;
  const [missing, setMissing] = useState<string>();
  if (missing === picture.url)
    return (
      <span class="shot missing" title={say("event.picture.missing")}>
        {close ? "—" : say("event.picture.missing")}
      </span>
    );
  const view = close ? cropAround(picture) : [0, 0, width_px, height_px];
  return (
    <svg class="shot" viewBox={view.join(" ")} preserveAspectRatio="xMidYMid slice" role="img" aria-label={label}>
      <image href={picture.url} width={width_px} height={height_px} onError={() => setMissing(picture.url)} />
      {box && <rect class="seen" x={box[0]} y={box[1]} width={box[2] - box[0]} height={box[3] - box[1]} />}
    </svg>
  );
}

/** What an event is called: its kind in the language of the window. */
export function useKindTitle(): (kind: string) => string {
  const { desk } = useHouse();
  return (kind) => titleIn(desk.document.value?.kinds[kind]?.title) || kind.replaceAll("_", " ");
}
/** What a category is called. */
export function useCategoryTitle(): (category: string) => string {
  const { desk } = useHouse();
  return (category) => titleIn(desk.document.value?.categories[category]?.title) || category.replaceAll("_", " ");
}

/** What a service is called. */
export function useServiceTitle(): (service: string) => string {
  const { desk } = useHouse();
  return (service) => titleIn(desk.document.value?.services[service]?.title) || service.replaceAll("_", " ");
}
/** What a skill is called. */
export function useSkillTitle(): (skill: string) => string {
  const { desk } = useHouse();
  return (skill) => titleIn(desk.document.value?.skills[skill]?.title) || skill.replaceAll("_", " ");
}
/** What a unit's status is called. */
export function useStatusTitle(): (status: string, service?: string) => string {
  const { desk } = useHouse();
  return (status, service) => {
    const { labels, statuses } = desk.document.value ?? {};
    return titleIn(wordOf(labels, service, status) ?? statuses?.units[status]) || status.replaceAll("_", " ");
  };
}

/** What a caller said, in the language of the window where it was written down in it. */
export function said(event: QyranEvent): string | null {
  const { said: spoken, description } = event.details as { said?: Partial<Title>; description?: unknown };
  const own = spoken?.[language.value];
  return own ?? (typeof description === "string" && description !== "" ? description : null);
}

/** A part of the incident card with its heading. */
export function Section(props: { id: string; title: string; aside?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="part" aria-labelledby={props.id}>
      <header>
        <h3 id={props.id}>{props.title}</h3>
        {props.aside}
      </header>
      {props.children}
    </section>
  );
}

/** The key that does what the button does; a reader hears the list of keys once, under the queue. */
export function Key({ name }: { name: string }) {
  return (
    <span aria-hidden="true">
      <kbd>{name}</kbd>
    </span>
  );
}
