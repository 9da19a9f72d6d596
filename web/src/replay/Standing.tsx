/** What was open at that moment, as a list: each incident with the units that were bound to it. */
import type { Place } from "../api/types";
import { Badge, useCategoryTitle, useStatusTitle } from "../panels/parts";
import { say, sayOf } from "../words/words";
import type { Player } from "./player";

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
    </section>
  );
}
