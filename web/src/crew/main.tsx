/** The only place that builds the crew's page: store, client, outbox, position, and what shows them. */
import "@fontsource/noto-sans/cyrillic-400.css";
import "@fontsource/noto-sans/cyrillic-600.css";
import "@fontsource/noto-sans/cyrillic-ext-400.css";
import "@fontsource/noto-sans/cyrillic-ext-600.css";
import "@fontsource/noto-sans/latin-400.css";
import "@fontsource/noto-sans/latin-600.css";
import "./styles/index.css";
import { effect, signal } from "@preact/signals";
import { render } from "preact";
import { createAsk } from "../api/ask";
import { say } from "../words/words";
import { App } from "./App";
import { alarm, allowSound } from "./alarm";
import { stayAwake } from "./awake";
import { createCrewClient } from "./client";
import { createCrew } from "./crew";
import { install } from "./installed";
import { openKept } from "./kept";
import { heardNew } from "./news";
import { createOutbox, type Outbox } from "./outbox";
import { PageContext, type Tab } from "./page";
import { createPlaces } from "./places";
import { createPush } from "./push";
import type { Act, Lane } from "./values";

const PATIENCE_MS = 15_000;
/** On these duties the unit is at work, and its place is of use. */
const AT_WORK = new Set(["on", "break"]);

const kept = await openKept();
const ask = createAsk(
  (path, init) => fetch(path, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) }),
  (refused) => crew.close(refused),
);
const client = createCrewClient(ask);
const account = () => crew.person.value?.account_id ?? null;

/** One window of the phone sends a lane at a time; plain HTTP has no locks, and the client event ids suffice. */
async function alone(lane: Lane, work: () => Promise<void>): Promise<void> {
  if (!navigator.locks) return work();
  await navigator.locks.request(`qyran.crew.${lane}`, work);
}

const outbox: Outbox = createOutbox(kept, {
  send: client.act,
  account,
  sent: (entry) => crew.settle(entry),
  one_at_a_time: alone,
});
const crew = createCrew(
  client,
  kept,
  () => outbox,
  () => push.forget(),
);
const places = createPlaces(kept, { send: client.positions, account }, navigator.geolocation);
const push = createPush(client);
const tab = signal<Tab>("task");
const trouble = signal<string | null>(null);
const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 1000);

function act(done: Act): void {
  outbox.add(done).then(
    () => (trouble.value = null),
    () => (trouble.value = say("crew.not_kept")),
  );
}

effect(() => {
  const here = crew.here.value;
  const bound = Boolean(here?.task && !here.task.ended);
  if (here && (bound || AT_WORK.has(here.duty) || here.panic)) places.start();
  else places.stop();
  void stayAwake(bound && !document.hidden);
});
let before = crew.here.peek();
effect(() => {
  const here = crew.here.value;
  const news = heardNew(before, here);
  before = here;
  if (news) alarm(news);
  if (news === "task" || news === "moved") tab.value = "task";
});
effect(() => {
  if (crew.person.value) void push.look();
});
addEventListener("online", () => {
  crew.wake();
  void outbox.flush();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) crew.wake();
  void stayAwake(Boolean(crew.here.peek()?.task) && !document.hidden);
});
allowSound(document);

const root = document.getElementById("app");
if (!root) throw new Error("crew.html has no #app");
render(
  <PageContext.Provider value={{ client, crew, outbox, places, push, tab, now, lasting: kept.lasting, act, trouble }}>
    <App />
  </PageContext.Provider>,
  root,
);
void crew.open();
places.drain();
void install(crew.wake).catch(() => undefined); // without it the page works while it is open
