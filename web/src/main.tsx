/** The only place that builds: the client, the desk, the live feed, and the page that shows them. */
import "@fontsource/noto-sans/cyrillic-400.css";
import "@fontsource/noto-sans/cyrillic-600.css";
import "@fontsource/noto-sans/cyrillic-ext-400.css";
import "@fontsource/noto-sans/cyrillic-ext-600.css";
import "@fontsource/noto-sans/latin-400.css";
import "@fontsource/noto-sans/latin-600.css";
import "maplibre-gl/dist/maplibre-gl.css";
import "./styles/index.css";
import { computed, effect, signal, untracked } from "@preact/signals";
import { render } from "preact";
import { createAccess } from "./access/access";
import { createDemands } from "./access/demands";
import { createHealth } from "./access/health";
import { phase } from "./access/shift";
import { createAsk, Refused } from "./api/ask";
import { createClient } from "./api/client";
import { insist } from "./api/insist";
import { createDesk } from "./desk/desk";
import { createIntake } from "./desk/intake";
import { listenToKeys } from "./desk/keys";
import { createLife } from "./desk/lifecycle";
import { createOperations } from "./desk/operations";
import { createRooms } from "./desk/rooms";
import { Fleet } from "./live/fleet";
import { createLive } from "./live/socket";
import { App } from "./panels/App";
import { HouseContext } from "./panels/house";
import { keepFocus } from "./panels/keep_focus";

const PANICS_AGAIN_MS = 15_000; // none may be missed, be the feed late or not
const COVER_AGAIN_MS = 60_000;
const REGIME_AGAIN_MS = 30_000; // it rings no bell that every window hears
const PROPOSALS_AGAIN_MS = 30_000; // units drive on while their dispatcher thinks
const UNITS_AGAIN_MS = 30_000; // duty changes ring no bell that every window hears

const HEALTH_AGAIN_MS = 20_000;

const demands = createDemands();
const ask = createAsk(
  (path, init) => fetch(path, init),
  (refused) => access.end(refused),
);
const client = createClient(insist(ask, demands));
const desk = createDesk(client);
const operations = createOperations(client, desk);
const intake = createIntake(client, desk);
const life = createLife(client, desk);
const fleet = new Fleet();
const feed = `${location.origin.replace(/^http/, "ws")}/api/live`;
const live = createLive(async () => new WebSocket(`${feed}?ticket=${(await client.liveTicket()).ticket}`), {
  change: (change) => {
    if (change.layer === "units" && !change.feature) fleet.drop(change.id);
    desk.changed(change.layer, change.id, change.feature);
    intake.changed(change.layer, change.id);
    rooms.crews.changed(change.layer, change.id);
  },
  positions: (frame) => {
    fleet.take(frame, performance.now());
    desk.met(frame.unit_ids);
  },
  resync: () => {
    desk.reload();
    intake.refresh();
    rooms.crews.refresh();
  },
});
const now = signal(Date.now());
setInterval(() => (now.value = Date.now() + live.clock_offset_ms.value), 1000);
setInterval(() => desk.account.value && desk.refreshUnits(), UNITS_AGAIN_MS);
const rooms = createRooms(client, desk, operations, {
  page: document,
  now_ms: () => now.peek(),
  typing: () => document.activeElement?.matches("input, textarea, select") ?? false,
  demands,
});
const access = createAccess(client, desk, intake, demands, () => now.value);
setInterval(() => desk.account.value && rooms.panics.refresh(), PANICS_AGAIN_MS);
setInterval(() => desk.account.value && void rooms.covering.refresh(), COVER_AGAIN_MS);
setInterval(() => desk.account.value && rooms.ruling.refresh(), REGIME_AGAIN_MS);
setInterval(() => live.connected.value && desk.refreshProposals(), PROPOSALS_AGAIN_MS);
effect(() => {
  if (rooms.panics.rings.value) rooms.alarm.start();
  else rooms.alarm.stop();
});
const health = createHealth(client);
setInterval(() => desk.account.value && health.refresh(), HEALTH_AGAIN_MS);

// A crew has a page of its own, and nothing to see here.
effect(() => {
  if (desk.session.value?.operations.includes("crew.read")) location.replace("./crew");
});
// The feed belongs to one account in one area: it is opened anew for each other.
const listens_to = computed(
  () => desk.session.value && `${desk.session.value.account.id} ${desk.session.value.entered.id}`,
);
effect(() => {
  if (!listens_to.value) return;
  fleet.clear();
  live.start();
  health.refresh();
  return live.stop;
});
effect(() => {
  // the card is closed: what its caller's data were shown for is over as well
  if (desk.opened_id.value === null && desk.call_id.value === null) demands.forget();
});
// The server would refuse the next question; the windows say so by themselves when the shift is over.
const over = computed(() => !!desk.session.value && phase(desk.session.value.shift, now.value) === "over");
effect(() => {
  if (over.value) untracked(() => access.end(new Refused(401, "not_signed_in", null)));
});
listenToKeys(desk, operations, intake, rooms);
keepFocus(document);

const page = document.getElementById("app");
if (!page) throw new Error("index.html has no #app");
render(
  <HouseContext.Provider
    value={{ client, desk, operations, intake, life, access, demands, health, live, fleet, now, ...rooms }}
  >
    <App />
  </HouseContext.Provider>,
  page,
);

client
  .whoAmI()
  .then(access.enter)
  .catch(
    () => desk.clear(), // not signed in, or nobody answers: the sign-in page says which
  );
