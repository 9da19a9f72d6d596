/** What stands around the map beside the desk itself: sending, closures, cover, crews, panics, the regime. */
import type { Client } from "../api/client";
import { createAlarm } from "../sound/alarm";
import { createClosing } from "./closing";
import { createCovering } from "./covering";
import { createCrews } from "./crews";
import type { Desk } from "./desk";
import { createDrawing } from "./drawing";
import type { Operations } from "./operations";
import { createPanics } from "./panics";
import { createRuling } from "./ruling";
import { createSending } from "./sending";

export type Rooms = ReturnType<typeof createRooms>;

/** Build them all; `page` is where presses let the alarm sound. */
export function createRooms(
  client: Client,
  desk: Desk,
  operations: Operations,
  hands: { page: EventTarget; now_ms: () => number },
) {
  const drawing = createDrawing();
  const alarm = createAlarm(hands.page, () => ("AudioContext" in globalThis ? new AudioContext() : null));
  return {
    drawing,
    sending: createSending(client, desk, operations),
    closing: createClosing(client, desk, drawing),
    covering: createCovering(client, desk, hands.now_ms),
    crews: createCrews(client, desk, alarm.chime),
    panics: createPanics(client, desk),
    ruling: createRuling(client, desk),
    alarm,
  };
}
