/** What the chosen camera sees, in its card: by slices in m², what lies blind, what it could see, or why nobody knows. */
import { useEffect } from "preact/hooks";
import type { CameraSight } from "../../api/coverage";
import { decimal } from "../../words/formats";
import { say } from "../../words/words";
import { useHouse } from "../house";
import { CutField, ground, Legend } from "./Slices";

function Figures({ sight }: { sight: CameraSight }) {
  const { slicing } = useHouse();
  const slices = slicing.slices.value;
  const blind = sight.blind_m !== null && sight.blind_m2 !== null;
  return (
    <>
      {sight.presets > 1 && <p class="dim">{say("sees.presets", { n: sight.presets })}</p>}
      <Legend slices={slices} bands={sight.bands} />
      {blind && <p>{say("sees.blind", { m: decimal(sight.blind_m ?? 0), ground: ground(sight.blind_m2 ?? 0) })}</p>}
      {!blind && sight.presets < 2 && <p class="dim">{say("sees.no_tilt")}</p>}
      {(sight.hidden_m2 ?? 0) >= 1 && <p>{say("sees.hidden", { ground: ground(sight.hidden_m2 ?? 0) })}</p>}
      <p class="dim">{say(`terrain.${sight.terrain}`)}</p>
      {sight.reach && (
        <>
          <h3>{say("sees.reach")}</h3>
          <Legend slices={slices} bands={sight.reach} />
        </>
      )}
    </>
  );
}

export function CameraSees() {
  const { slicing, surveying, desk } = useHouse();
  const sight = slicing.sight.value;
  useEffect(() => void surveying.learn(), []);
  if (!sight || sight.id !== desk.camera_id.value) return null;
  return (
    <details
      class="sees"
      onToggle={(e) => {
        if (e.currentTarget.open && slicing.scope.peek() === "off") slicing.show("camera");
        if (!e.currentTarget.open && slicing.scope.peek() === "camera") slicing.show("off");
      }}
    >
      <summary>{say("sees.title")}</summary>
      <CutField />
      {sight.unseeing ? <p class="stale">{say(`sees.${sight.unseeing}`)}</p> : <Figures sight={sight} />}
    </details>
  );
}
