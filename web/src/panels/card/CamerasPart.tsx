/** Cameras within the radius of the plan, the four that see it best first; ringed on the map, watched by a click. */
import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { NearCamera, NearCameras } from "../../api/cameras";
import type { Plan } from "../../api/plans";
import type { Incident, Place } from "../../api/types";
import { say } from "../../words/words";
import { CameraRow } from "../cameras/Sight";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { Tile } from "../video/Tile";
import { Fold } from "./Fold";
import { NotRead } from "./NotRead";

const BEST = 4; // more nobody watches at once

type Shown = Signal<readonly NearCamera[]>;

/** `shown` is what is watched, for those who may. */
function Row({ camera, place, shown }: { camera: NearCamera; place: Place; shown: Shown | null }) {
  const { desk } = useHouse();
  const chosen = desk.camera_id.value === camera.id;
  function choose(): void {
    desk.camera_id.value = chosen ? null : camera.id;
    if (!chosen) desk.flyTo(camera.place, 17);
  }
  function show(): void {
    if (shown) shown.value = [...shown.value.slice(-BEST + 1), camera];
  }
  return (
    <CameraRow camera={camera} place={place} chosen={chosen} choose={choose}>
      {shown && camera.enabled && !shown.value.some((one) => one.id === camera.id) && (
        <button type="button" class="link" onClick={show}>
          {say("video.show")}
        </button>
      )}
    </CameraRow>
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

function ShowBest({ found, shown }: { found: NearCameras; shown: Shown }) {
  const best = found.cameras.filter((camera) => camera.enabled).slice(0, BEST);
  if (best.length === 0 || shown.value.length > 0) return null;
  function show(): void {
    shown.value = best;
  }
  return (
    <button type="button" onClick={show}>
      {say("video.show_four", { n: best.length })}
    </button>
  );
}

function Found({ found, incident, place }: { found: NearCameras; incident: number; place: Place }) {
  const { desk } = useHouse();
  const watched: Shown = useSignal<readonly NearCamera[]>([]);
  const every = useSignal(false);
  const watches = desk.may("video.watch");
  const rest = found.cameras.length - BEST;
  return (
    <>
      {watches && <ShowBest found={found} shown={watched} />}
      <Docked shown={watched} incident={incident} />
      {found.cameras.length === 0 && <p class="dim">{say("card.cameras_none", { m: Math.round(found.radius_m) })}</p>}
      <ul class="lines">
        {(every.value ? found.cameras : found.cameras.slice(0, BEST)).map((camera) => (
          <Row key={camera.id} camera={camera} place={place} shown={watches ? watched : null} />
        ))}
      </ul>
      {rest > 0 && (
        <button type="button" class="link" aria-expanded={every.value} onClick={() => (every.value = !every.value)}>
          {every.value ? say("card.cameras_best") : say("card.cameras_more", { n: rest })}
        </button>
      )}
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
      {found && <Found key={id} found={found} incident={id} place={place} />}
    </Fold>
  );
}
