/** Local words of services: what each means, and which are offered as reasons; pure. */
import type { Labels, Service, Title } from "../api/types";

export type Word = { code: string; title: Title };

function saidBy(labels: Labels | undefined, service: Service, means: { duty?: string; status?: string }): Word[] {
  return Object.entries(labels ?? {})
    .filter(([, label]) => !label.services?.length || label.services.includes(service))
    .filter(([, label]) => (means.duty ? label.means.duty === means.duty : label.means.status === means.status))
    .map(([code, { title }]) => ({ code, title }));
}

/** The words by which a service says why its duty is what it is. */
export const reasonsOf = (labels: Labels | undefined, service: Service, duty: string): Word[] =>
  saidBy(labels, service, { duty });

/** The word by which a service says a status of a dispatch; none where it says it as everybody does. */
export function wordOf(labels: Labels | undefined, service: Service | undefined, status: string): Title | null {
  if (!service || status === "refused") return null; // of a refusal the words are its reasons
  return saidBy(labels, service, { status })[0]?.title ?? null;
}
