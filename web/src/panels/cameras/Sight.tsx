/** One camera near a place: its name, how far, and whether it sees it or why not. */
import type { ComponentChildren } from "preact";
import type { NearCamera } from "../../api/cameras";
import type { Place } from "../../api/types";
import { distance } from "../../words/formats";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";

/** Whether it sees the place, in words; a building that stands between is so many metres from the camera. */
export function sightOf(camera: NearCamera): string {
  if (camera.sight === "blocked") return say("sight.blocked", { m: distance(camera.blocked_m ?? 0) });
  const word = say(`sight.${camera.sight}`);
  return camera.px_per_m ? `${word}, ${say("sight.density", { n: Math.round(camera.px_per_m) })}` : word;
}

type Props = { camera: NearCamera; place: Place; chosen: boolean; choose: () => void; children?: ComponentChildren };

/** A line of a list about a place; a camera that turns has a button for it. */
export function CameraRow({ camera, place, chosen, choose, children }: Props) {
  const { desk, sighting } = useHouse();
  const turns = camera.kind === "ptz" && desk.may("cameras.ptz");
  return (
    <li class={`camera ${camera.sight}`}>
      <button type="button" class="link" aria-pressed={chosen} onClick={choose}>
        {titleOf(camera.name) || camera.code}
      </button>{" "}
      <span class="dim">
        {distance(camera.distance_m)} · {camera.code}
      </span>
      {(camera.state !== "live" || !camera.enabled) && <span class="stale"> {say("camera.down")}</span>}
      <span class="sight" data-sight={camera.sight}>
        {sightOf(camera)}
      </span>
      {turns && (
        <button type="button" class="quiet" onClick={() => sighting.turn(camera.id, place)}>
          {say("ptz.open")}
        </button>
      )}
      {children}
    </li>
  );
}
