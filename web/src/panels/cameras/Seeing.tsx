/** Which cameras see a place on the map: what stands open over it once somebody has pointed. */
import { say } from "../../words/words";
import { useHouse } from "../house";
import { CameraRow } from "./Sight";

/** The list; the map draws a line from each of them. */
export function Seeing() {
  const { desk, sighting } = useHouse();
  const [place, found] = [sighting.place.value, sighting.found.value];
  if (!place) return null;
  const sees = found?.filter((one) => one.sight === "sees" || one.sight === "turns").length ?? 0;
  return (
    <section
      class="seeing float"
      aria-labelledby="seeing-title"
      onKeyDown={(pressed) => {
        if (pressed.code !== "Escape") return;
        pressed.stopPropagation();
        sighting.close();
      }}
    >
      <header>
        <h2 id="seeing-title">{say("seeing.title")}</h2>
        <button type="button" class="quiet" aria-label={say("close_panel")} onClick={sighting.close}>
          ✕
        </button>
      </header>
      <p class="dim" role="status">
        {found ? say("seeing.count", { n: sees, all: found.length }) : say("loading")}
      </p>
      <ul class="lines">
        {found?.map((camera) => (
          <CameraRow
            key={camera.id}
            camera={camera}
            place={place}
            chosen={desk.camera_id.value === camera.id}
            choose={() => {
              desk.camera_id.value = camera.id;
              desk.flyTo(camera.place, 17);
            }}
          />
        ))}
      </ul>
    </section>
  );
}

/** The tool over the map; by keys alone it asks for the middle of the map. */
export function SeeingTool() {
  const { desk, sighting } = useHouse();
  if (!desk.may("cameras.seeing")) return null;
  function press(clicks: number): void {
    const centre = desk.view.peek()?.centre;
    const by_key = clicks === 0;
    if (by_key && centre) void sighting.ask(centre);
    else sighting.point();
  }
  return (
    <button
      type="button"
      class="float"
      title={say("seeing.how")}
      aria-pressed={sighting.pointing.value}
      onClick={(pressed) => press(pressed.detail)}
    >
      <span aria-hidden="true">◎</span> {say("seeing.tool")}
    </button>
  );
}
