/** The only place that builds: the client, the desk, the live feed, and the page that shows them. */
import "@fontsource/noto-sans/cyrillic-400.css";
import "@fontsource/noto-sans/cyrillic-600.css";
import "@fontsource/noto-sans/cyrillic-ext-400.css";
import "@fontsource/noto-sans/cyrillic-ext-600.css";
import "@fontsource/noto-sans/latin-400.css";
import "@fontsource/noto-sans/latin-600.css";
import "maplibre-gl/dist/maplibre-gl.css";
import "./styles.css";
import { effect, signal } from "@preact/signals";
import { render } from "preact";
import { createClient } from "./api/client";
import { createDesk } from "./desk/desk";
import { listenToKeys } from "./desk/keys";
import { createOperations } from "./desk/operations";
import { Fleet } from "./live/fleet";
import { createLive } from "./live/socket";
import { App } from "./panels/App";
import { HouseContext } from "./panels/house";

const UNITS_AGAIN_MS = 30_000; // duty changes ring no bell that every window hears

const client = createClient(
  (path, init) => fetch(path, init),
  () => desk.clear(),
);
const desk = createDesk(client);
const operations = createOperations(client, desk);
const fleet = new Fleet();
const live = createLive(() => new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/live`), {
  change: (change) => {
    if (change.layer === "units" && !change.feature) fleet.drop(change.id);
    desk.changed(change.layer, change.id, change.feature);
  },
  positions: (frame) => {
    fleet.take(frame, performance.now());
    desk.met(frame.unit_ids);
  },
  resync: () => desk.reload(),
});
const now = signal(Date.now());
setInterval(() => (now.value = Date.now() + live.clock_offset_ms.value), 1000);
setInterval(() => desk.account.value && desk.refreshUnits(), UNITS_AGAIN_MS);

effect(() => {
  if (desk.account.value) live.start();
  else live.stop();
});
listenToKeys(desk, operations);

const page = document.getElementById("app");
if (!page) throw new Error("index.html has no #app");
render(
  <HouseContext.Provider value={{ client, desk, operations, live, fleet, now }}>
    <App />
  </HouseContext.Provider>,
  page,
);

client.whoAmI().then(
  ({ account }) => desk.load(account),
  () => (desk.account.value = null), // not signed in, or nobody answers: the sign-in page says which
);
