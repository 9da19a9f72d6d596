/** The way there: the route and the own place on a small map, and the phone's own navigator behind one button. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { MapDocument } from "../api/types";
import { distance, span } from "../words/formats";
import { language, say } from "../words/words";
import type { ShownTask } from "./overlay";
import { usePage } from "./page";
import type { Drawn, WayMap } from "./way_map";
import { geoLink, metresBetween } from "./ways";
import { whereOf } from "./words";

/** The map's document is the same for the whole shift; asked once. */
let known: MapDocument | null = null;

function useMap(drawn: Drawn) {
  const { client } = usePage();
  const element = useRef<HTMLDivElement>(null);
  const [map, failed] = [useSignal<WayMap | null>(null), useSignal(false)];
  const tries = useSignal(0);
  useEffect(() => {
    let gone = false;
    async function make(): Promise<void> {
      const [{ createWayMap }, document] = await Promise.all([import("./way_map"), known ?? client.map()]);
      known = document;
      if (gone || !element.current) return;
      const made = await createWayMap(element.current, document);
      if (gone) made.remove();
      else map.value = made;
      failed.value = false;
    }
    make().catch(() => (failed.value = true));
    return () => {
      gone = true;
      map.value?.remove();
      map.value = null;
    };
  }, [tries.value, language.value]);
  useEffect(() => map.value?.draw(drawn));
  return { element, map, failed, again: () => (tries.value += 1) };
}

function Figures({ task }: { task: ShownTask }) {
  const { places, now } = usePage();
  const here = places.here.value;
  const grade = places.grade.value;
  return (
    <p class="figures">
      <strong>{whereOf(task.incident)}</strong>
      {here ? (
        <span>
          {say("crew.straight", { d: distance(metresBetween(here.fix, task.incident.place)) })}
          {" · "}
          {say("crew.place_age", { age: span((now.value - here.at_ms) / 1000), m: Math.round(here.accuracy_m) })}
        </span>
      ) : (
        <span>{say(`crew.place.${grade}`)}</span>
      )}
    </p>
  );
}

function Way({ task }: { task: ShownTask }) {
  const { places } = usePage();
  const here = places.here.value;
  const own = here && { lon: here.fix.lon, lat: here.fix.lat, accuracy_m: here.accuracy_m };
  const { element, map, failed, again } = useMap({ route: task.route, target: task.incident.place, own });
  return (
    <>
      <Figures task={task} />
      <div class="way-map">
        <div ref={element} class="canvas" role="application" aria-label={say("crew.tab.way")} />
        {failed.value && (
          <div class="no-map" role="status">
            <span>{say("crew.no_map")}</span>
            <button type="button" onClick={again}>
              {say("crew.try_now")}
            </button>
          </div>
        )}
        {map.value && (
          <div class="map-buttons">
            <button type="button" onClick={() => map.value?.whole()}>
              {say("crew.whole_way")}
            </button>
            <button type="button" disabled={!own} onClick={() => map.value?.me()}>
              {say("crew.my_place")}
            </button>
          </div>
        )}
      </div>
      <a class="button main" href={geoLink(task.incident.place, task.incident.address ?? task.incident.number)}>
        {say("crew.navigator")}
      </a>
    </>
  );
}

/** The tab. */
export function WayTab() {
  const task = usePage().crew.here.value?.task;
  if (!task)
    return (
      <div class="empty">
        <strong>{say("crew.no_task")}</strong>
      </div>
    );
  return <Way key={task.id} task={task} />;
}
