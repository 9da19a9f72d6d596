/** Cameras within the radius of the plan, the nearest first; they are ringed on the map, and one is chosen there too. */
import { useEffect } from "preact/hooks";
import type { NearCamera, NearCameras } from "../../api/cameras";
import type { Plan } from "../../api/plans";
import type { Incident } from "../../api/types";
import { distance } from "../../words/formats";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { Fold } from "./Fold";
import { NotRead } from "./NotRead";

function Row({ camera }: { camera: NearCamera }) {
  const { desk } = useHouse();
  const chosen = desk.camera_id.value === camera.id;
  function choose(): void {
    desk.camera_id.value = chosen ? null : camera.id;
    if (!chosen) desk.flyTo(camera.place, 17);
  }
  return (
    <li>
      <button type="button" class="link" aria-pressed={chosen} onClick={choose}>
        {titleOf(camera.name) || camera.code}
      </button>{" "}
      <span class="dim">
        {distance(camera.distance_m)} · {camera.code}
      </span>
      {(camera.state !== "live" || !camera.enabled) && <span class="stale"> {say("camera.down")}</span>}
    </li>
  );
}

function Found({ found }: { found: NearCameras }) {
  return (
    <>
      {found.cameras.length === 0 && <p class="dim">{say("card.cameras_none", { m: Math.round(found.radius_m) })}</p>}
      <ul class="lines">
        {found.cameras.map((camera) => (
          <Row key={camera.id} camera={camera} />
        ))}
      </ul>
    </>
  );
}

/** The part of the card. */
export function CamerasPart({ incident, plan }: { incident: Incident; plan: Plan }) {
  const { client, desk } = useHouse();
  const { id, place } = incident;
  const asked = useAsked(() => client.cameras(id), [id, place.lon, place.lat, plan.cameras_radius_m]);
  const found = asked.value.value;
  useEffect(() => {
    desk.cameras.value = found?.cameras ?? [];
    return () => {
      desk.cameras.value = [];
      desk.camera_id.value = null;
    };
  }, [found]);
  const wrong = asked.wrong.value !== "";
  if (!wrong && !found?.radius_m) return null;
  const count = found && <span class="count">{found.cameras.length}</span>;
  return (
    <Fold id="card-cameras" title={say("card.cameras")} aside={count} urgent={wrong}>
      <NotRead what={say("card.cameras")} asked={asked} />
      {found && <Found found={found} />}
    </Fold>
  );
}
