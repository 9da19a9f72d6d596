/** How the house itself does: everybody sees when a part of it is down. */
import { computed, signal } from "@preact/signals";
import type { Client } from "../api/client";
import type { Health } from "../api/types";

export type HealthWatch = ReturnType<typeof createHealth>;

/** Build the watch on a client; it knows nothing before its first `refresh`. */
export function createHealth(client: Pick<Client, "health">) {
  const told = signal<Health | null>(null);
  /** What does not do well; the feed's own freshness is told beside it already. */
  const troubles = computed(() => told.value?.parts.filter((part) => part.state !== "ok") ?? []);
  async function refresh(): Promise<void> {
    const answer = await client.health().catch(() => null); // no answer is the freshness sign's to tell
    if (answer) told.value = answer;
  }
  return { told, troubles, refresh };
}
