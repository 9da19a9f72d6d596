/** Being woken: this phone's subscription at its browser's push service (W3C Push API). */
import { signal } from "@preact/signals";
import type { CrewClient } from "./client";

export type Push = ReturnType<typeof createPush>;
export type PushState = "unknown" | "impossible" | "not_configured" | "off" | "on" | "denied" | "failed";

/** The server's key as the browser wants it. */
export function keyBytes(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

async function worker(): Promise<ServiceWorkerRegistration | null> {
  if (!("serviceWorker" in navigator) || !("PushManager" in globalThis)) return null;
  return (await navigator.serviceWorker.getRegistration()) ?? null;
}

/** Build it. */
export function createPush(client: CrewClient) {
  const state = signal<PushState>("unknown");

  /** Say how it stands; a phone that is subscribed tells the server again, which may have forgotten it. */
  async function look(): Promise<void> {
    const registered = await worker();
    if (!registered) {
      state.value = "impossible";
      return;
    }
    const subscribed = await registered.pushManager.getSubscription();
    if (subscribed) await client.subscribe(subscribed.toJSON());
    state.value = subscribed ? "on" : Notification.permission === "denied" ? "denied" : "off";
  }

  async function subscribe(): Promise<PushState> {
    const registered = await worker();
    if (!registered) return "impossible";
    const { key } = await client.pushKey();
    if (!key) return "not_configured";
    if ((await Notification.requestPermission()) !== "granted") return "denied";
    const phone = await registered.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: keyBytes(key),
    });
    await client.subscribe(phone.toJSON());
    return "on";
  }

  async function unsubscribe(): Promise<PushState> {
    const phone = await (await worker())?.pushManager.getSubscription();
    if (phone) {
      await client.unsubscribe(phone.endpoint).catch(() => undefined); // the phone itself hears no more either way
      await phone.unsubscribe();
    }
    return "off";
  }

  /** Show nothing on this phone any more; the server forgets it with the session. */
  async function forget(): Promise<void> {
    await (await (await worker())?.pushManager.getSubscription())?.unsubscribe();
    state.value = "off";
  }

  async function turn(work: () => Promise<PushState>): Promise<void> {
    state.value = await work().catch((): PushState => "failed");
  }
  return {
    state,
    look: () => look().catch(() => undefined),
    turnOn: () => turn(subscribe),
    turnOff: () => turn(unsubscribe),
    forget: () => forget().catch(() => undefined),
  };
}
