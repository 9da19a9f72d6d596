/** The page as an app: its service worker, a new version put in when nobody is typing, storage that is not cleared. */
import { signal } from "@preact/signals";

/** Whether a newer page waits to be put in. */
export const newer = signal<ServiceWorker | null>(null);

/** Put the newer page in: the window loads anew, what was kept stays. */
export function replace(): void {
  newer.value?.postMessage("replace");
}

function watch(registered: ServiceWorkerRegistration): void {
  const offer = (found: ServiceWorker | null) => {
    if (found?.state === "installed" && navigator.serviceWorker.controller) newer.value = found;
  };
  offer(registered.waiting);
  registered.addEventListener("updatefound", () => {
    const fresh = registered.installing;
    fresh?.addEventListener("statechange", () => offer(fresh));
  });
}

/** Register the worker; `woken` hears of a push. Without HTTPS there is none, and the page works while it is open. */
export async function install(woken: () => void): Promise<void> {
  await navigator.storage?.persist?.().catch(() => false);
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => newer.value && location.reload());
  navigator.serviceWorker.addEventListener("message", woken);
  const registered = await navigator.serviceWorker.register("/crew-worker.js", {
    scope: "/crew",
    updateViaCache: "none",
  });
  watch(registered);
}
