/** What was open at that moment, as lists: each incident with the units that were bound to it, each call on the line. */
import type { Place } from "../api/types";
import { Badge, useCategoryTitle, useStatusTitle } from "../panels/parts";
import { distance } from "../words/formats";
import { say, sayOf } from "../words/words";
import type { Player } from "./player";
import type { CallThen } from "./scene";

/** Which line, and whether somebody had taken the call. */
export function callTitle({ line, state }: CallThen): string {
  return [line, sayOf("call.state", state)].filter(Boolean).join(" · ");
}

/** What told where the caller was, and how surely. */
export function callPlace({ placed_by, radius_m }: CallThen): string {
  const told = sayOf("intake.placed_by", placed_by);
  return radius_m === null ? told : `${told} ± ${distance(radius_m)}`;
}

/** The calls on the line at that moment; who rang is no part of a replay. */
function CallsThen({ calls, fly }: { calls: readonly CallThen[]; fly: (place: Place) => void }) {
  if (calls.length === 0) return null;
  return (
    <>
      <h3>
        {say("replay.calls")} <span class="count">{calls.length}</span>
      </h3>
      <ul class="scrolls" tabIndex={0} aria-label={say("replay.calls")}>
        {calls.slice(0, 100).map((call) => (
          <li key={call.id}>
            <button type="button" class="row" disabled={!call.place} onClick={() => call.place && fly(call.place)}>
              <span>
                <b>{callTitle(call)}</b>
                <span class="dim">{callPlace(call)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The list beside the map of the past. */
export function Standing({ player, fly }: { player: Player; fly: (place: Place) => void }) {
  const [category, status] = [useCategoryTitle(), useStatusTitle()];
  const scene = player.scene.value;
  if (!scene) return null;
  return (
    <section class="standing" aria-label={say("replay.standing")}>
      <h3>
        {say("replay.standing")} <span class="count">{scene.incidents.length}</span>
      </h3>
      <ul class="scrolls" tabIndex={0} aria-label={say("replay.standing")}>
        {scene.incidents.slice(0, 100).map((one) => (
          <li key={one.id}>
            <button type="button" class="row" onClick={() => fly(one)}>
              <Badge priority={one.priority} size={22} />
              <span>
                <b>{category(one.category)}</b>
                <span class="dim">
                  {one.number} · {sayOf("incident.state", one.state)}
                </span>
                {one.units.map((unit) => (
                  <span class="dim" key={unit.unit_id}>
                    {unit.call_sign}: {status(unit.status)}
                  </span>
                ))}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {scene.incidents.length === 0 && <p class="empty">{say("replay.nothing")}</p>}
      <CallsThen calls={scene.calls} fly={fly} />
    </section>
  );
}
