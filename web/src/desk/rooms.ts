/** What stands around the map beside the desk itself: sending, closures, cover, crews, panics, the regime, cameras, video. */
import type { DemandsDesk } from "../access/demands";
import type { Client } from "../api/client";
import { createAlarm } from "../sound/alarm";
import { createTickets } from "../video/tickets";
import { createWall } from "../video/wall";
import { createClosing } from "./closing";
import { createCovering } from "./covering";
import { createCrews } from "./crews";
import type { Desk } from "./desk";
import { createDrawing } from "./drawing";
import { createFailing } from "./failing";
import { createFields } from "./fields";
import { createHanging } from "./hanging";
import { createInterest } from "./interest";
import type { Operations } from "./operations";
import { createPanics } from "./panics";
import { createPlacing } from "./placing";
import { createRuling } from "./ruling";
import { createSending } from "./sending";
import { createSighting } from "./sighting";
import { createSlicing } from "./slicing";
import { createSurveying } from "./surveying";

export type Rooms = ReturnType<typeof createRooms>;

/** Build them all; `page` is where presses let the alarm sound, `typing` whether a field has the focus. */
export function createRooms(
  client: Client,
  desk: Desk,
  operations: Operations,
  hands: { page: EventTarget; now_ms: () => number; typing: () => boolean; demands: DemandsDesk },
) {
  const drawing = createDrawing();
  const alarm = createAlarm(hands.page, () => ("AudioContext" in globalThis ? new AudioContext() : null));
  const surveying = createSurveying(client, desk);
  const slicing = createSlicing(client, desk, surveying.purposes);
  const sending = createSending(client, desk, operations);
  const atWork = () => [drawing.sketch, desk.pointing, sending.drag].some((held) => held.peek() !== null);
  return {
    drawing,
    sending,
    closing: createClosing(client, desk, drawing),
    covering: createCovering(client, desk, hands.now_ms),
    crews: createCrews(client, desk, alarm.chime),
    panics: createPanics(client, desk, () => atWork() || hands.typing()),
    fields: createFields(client, desk),
    ruling: createRuling(client, desk),
    sighting: createSighting(client, desk),
    surveying,
    slicing,
    interest: createInterest({ client, desk, drawing }, slicing.cut, surveying.purpose),
    hanging: createHanging(client, desk, slicing.cut, surveying.purpose),
    failing: createFailing(client, desk, surveying.purpose),
    placing: createPlacing(client, desk, drawing),
    alarm,
    tickets: createTickets(client, hands.demands),
    wall: createWall(() => desk.account.value?.id ?? null),
  };
}
