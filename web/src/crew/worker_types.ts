/** The little of a service worker's world that ours uses: TypeScript's own `webworker` clashes with the page's `dom`. */

export interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
export interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(answer: Response | Promise<Response>): void;
}
export interface Pushed extends Lasting {
  readonly data: { json(): unknown } | null;
}
export interface Clicked extends Lasting {
  readonly notification: Notification;
}
export interface Window_ {
  readonly url: string;
  focus(): Promise<Window_>;
  postMessage(message: unknown): void;
}
type Events = {
  install: Lasting;
  activate: Lasting;
  fetch: Fetching;
  push: Pushed;
  notificationclick: Clicked;
  message: MessageEvent;
};
export interface Worker_ {
  readonly clients: {
    claim(): Promise<void>;
    matchAll(asked: { type: "window"; includeUncontrolled?: boolean }): Promise<Window_[]>;
    openWindow(url: string): Promise<Window_ | null>;
  };
  readonly registration: ServiceWorkerRegistration;
  readonly location: Location;
  skipWaiting(): Promise<void>;
  addEventListener<K extends keyof Events>(name: K, heard: (event: Events[K]) => void): void;
}
