/** Cameras within the radius of the plan, the nearest first; they are ringed on the map, and one is chosen there too. */
import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { NearCamera, NearCameras } from "../../api/cameras";
import type { Plan } from "../../api/plans";
import type { Incident } from "../../api/types";
import { distance } from "../../words/formats";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { Tile } from "../video/Tile";
import { Fold } from "./Fold";
import { NotRead } from "./NotRead";

const DOCKED = 4;

type Shown = Signal<readonly NearCamera[]>;

/** `shown` is what is watched, for those who may. */
function Row({ camera, shown }: { camera: NearCamera; shown: Shown | null }) {
  const { desk } = useHouse();
  const chosen = desk.camera_id.value === camera.id;
  function choose(): void {
    desk.camera_id.value = chosen ? null : camera.id;
    if (!chosen) desk.flyTo(camera.place, 17);
  }
  function show(): void {
    if (shown) shown.value = [...shown.value.slice(-DOCKED + 1), camera];
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
      {shown && camera.enabled && !shown.value.includes(camera) && (
        <button type="button" class="link" onClick={show}>
          {say("video.show")}
        </button>
      )}
    </li>
  );
}

/** Cameras live, each opened by a click alone; what they are watched for is the incident. */
function Docked({ shown, incident }: { shown: Shown; incident: number }) {
  const close = (id: number) => () => {
    shown.value = shown.value.filter((one) => one.id !== id);
  };
  return (
    <div class="docked">
      {shown.value.map((camera) => (
        <Tile key={camera.id} camera={camera} incident={incident} close={close(camera.id)} />
      ))}
    </div>
  );
}

function ShowNearest({ found, shown }: { found: NearCameras; shown: Shown }) {
  const nearest = found.cameras.filter((camera) => camera.enabled).slice(0, DOCKED);
  if (nearest.length === 0 || shown.value.length > 0) return null;
  function show(): void {
    shown.value = nearest;
  }
  return (
    <button type="button" onClick={show}>
      {say("video.show_four", { n: nearest.length })}
    </button>
  );
}

function Found({ found, incident }: { found: NearCameras; incident: number }) {
  const { desk } = useHouse();
  const shown: Shown = useSignal<readonly NearCamera[]>([]);
  const watches = desk.may("video.watch");
  return (
    <>
      {watches && <ShowNearest found={found} shown={shown} />}
      <Docked shown={shown} incident={incident} />
      {found.cameras.length === 0 && <p class="dim">{say("card.cameras_none", { m: Math.round(found.radius_m) })}</p>}
      <ul class="lines">
        {found.cameras.map((camera) => (
          <Row key={camera.id} camera={camera} shown={watches ? shown : null} />
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
      {found && <Found key={id} found={found} incident={id} />}
    </Fold>
  );
}
