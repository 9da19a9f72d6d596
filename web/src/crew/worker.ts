/** The crew page's service worker: the page opens without a connection, and a push rings while it is closed.
 *
 * It keeps the page's own files and nothing the server says: what the crew was told last is in the page's store.
 */
import type { Worker_ } from "./worker_types";

/** The build writes the page's files here, whose names tell their content. */
declare const __CREW_FILES__: string[];
declare const __CREW_VERSION__: string;

const worker = globalThis as unknown as Worker_;
const PAGE = "/crew";
const KEPT = `qyran-crew-${__CREW_VERSION__}`;

async function install(): Promise<void> {
  const kept = await caches.open(KEPT);
  await kept.addAll([PAGE, ...__CREW_FILES__].map((url) => new Request(url, { cache: "reload" })));
}

async function activate(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith("qyran-crew-") && name !== KEPT);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** The page itself stands under one name, whatever its address was asked with. */
async function answer(request: Request): Promise<Response> {
  const wanted = request.mode === "navigate" ? PAGE : request;
  const kept = await caches.open(KEPT).then((cache) => cache.match(wanted, { ignoreSearch: true }));
  return kept ?? fetch(request);
}

function isOwn(request: Request): boolean {
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return false;
  return pathname === PAGE || __CREW_FILES__.includes(pathname);
}

type Told = { notice_id?: number; kind?: string; subject?: string; body?: string };

/** A browser that hears a push without a notification takes the subscription away: one is always shown. */
async function ring(told: Told): Promise<void> {
  for (const one of await worker.clients.matchAll({ type: "window" })) one.postMessage({ woken: true });
  await worker.registration.showNotification(told.subject || "Qyran", {
    body: told.body ?? "",
    tag: told.notice_id === undefined ? "qyran" : `notice-${told.notice_id}`,
    icon: "/crew-192.png",
    badge: "/crew-badge.png",
    lang: "kk",
    requireInteraction: told.kind === "dispatch" || told.kind === "alarm",
  });
}

async function show(): Promise<void> {
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = windows.find((one) => new URL(one.url).pathname === PAGE);
  await (open ? open.focus() : worker.clients.openWindow(PAGE));
}

function read(data: { json(): unknown } | null): Told {
  try {
    return (data?.json() ?? {}) as Told;
  } catch {
    return {}; // not ours: still a push, still to be shown
  }
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  if (isOwn(event.request)) event.respondWith(answer(event.request));
});
worker.addEventListener("push", (event) => event.waitUntil(ring(read(event.data))));
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show());
});
// The page says when it may be replaced: never under somebody's finger.
worker.addEventListener("message", (event) => {
  if (event.data === "replace") void worker.skipWaiting();
});
