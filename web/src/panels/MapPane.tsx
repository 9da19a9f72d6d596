/** The middle: the map, its buttons, the layers with their legends, the hover card. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { createMap, zoomMap } from "../map/map";
import { isShown } from "../map/shown";
import { say } from "../words/words";
import { ChosenCamera } from "./cameras/Chosen";
import { PtzDock } from "./cameras/Ptz";
import { Seeing, SeeingTool } from "./cameras/Seeing";
import { ClosureForm } from "./closures/ClosureForm";
import { ClosureSheet } from "./closures/ClosureSheet";
import { DrawBar } from "./closures/DrawBar";
import { CoverAlert } from "./cover/CoverAlert";
import { CoverSheet } from "./cover/CoverSheet";
import { CoverageSheet } from "./coverage/CoverageSheet";
import { HangDock } from "./coverage/HangDock";
import { HoverCard } from "./HoverCard";
import { useHouse } from "./house";
import { LayerSwitch } from "./LayerSwitch";
import { CompareSlider } from "./placement/Comparison";
import { PlacementSheet } from "./placement/PlacementSheet";
import { Choose } from "./sending/Choose";
import { Preview } from "./sending/Preview";

function Layers() {
  const { desk } = useHouse();
  const layers = [...(desk.document.value?.layers ?? [])].reverse(); // as on the map: what is on top stands on top
  return layers.map((layer) => <LayerSwitch key={layer.name} layer={layer} />);
}

type Sheet = "layers" | "closures" | "cover" | "coverage" | "placement";

/** The buttons over the map, and the sheet that one of them opens. */
function Sheets() {
  const { desk, closing } = useHouse();
  const open = useSignal<Sheet | null>(null);
  const close = () => (open.value = null);
  const titles = {
    layers: say("layers.title"),
    closures: say("closures.title"),
    cover: say("cover.title"),
    coverage: say("coverage.title"),
    placement: say("placement.title"),
  };
  const button = (sheet: Sheet, sign: string, more: ComponentChildren = null) => (
    <button
      type="button"
      class="float"
      aria-expanded={open.value === sheet}
      aria-controls="map-sheet"
      onClick={() => (open.value = open.value === sheet ? null : sheet)}
    >
      <span aria-hidden="true">{sign}</span> {titles[sheet]} {more}
    </button>
  );
  const count = closing.list.value.length;
  return (
    <div class="layers">
      <div class="openers">
        {button("layers", "▦")}
        {desk.may("closures.list") && button("closures", "⊘", count > 0 && <span class="count">{count}</span>)}
        {desk.may("cover.read") && button("cover", "◔", <CoverAlert />)}
        {desk.may("coverage.read") && button("coverage", "◪")}
        {desk.may("placement.read") && button("placement", "⊕")}
        <SeeingTool />
      </div>
      <div
        id="map-sheet"
        class="sheet"
        hidden={open.value === null}
        role="group"
        aria-label={open.value ? titles[open.value] : ""}
        tabIndex={-1}
        onKeyDown={(pressed) => {
          if (pressed.code !== "Escape") return;
          pressed.stopPropagation();
          close();
        }}
      >
        {open.value === "layers" && <Layers />}
        {open.value === "closures" && <ClosureSheet close={close} />}
        {open.value === "cover" && <CoverSheet />}
        {open.value === "coverage" && <CoverageSheet />}
        {open.value === "placement" && <PlacementSheet />}
      </div>
    </div>
  );
}

/** The pane; the map is built once per document, and stays where only the plans in it are others. */
export function MapPane() {
  const { desk, fleet, live, now, ...rooms } = useHouse();
  const element = useRef<HTMLDivElement>(null);
  const failed = useSignal(false);
  const document = desk.document.value;
  useEffect(() => {
    if (!element.current || !document) return;
    const hands = { desk, fleet, rooms, now_ms: () => now.peek(), shown: isShown, looked: live.look };
    const made = createMap(element.current, document, hands);
    made.catch(() => (failed.value = true));
    return () =>
      void made.then(
        (stop) => stop(),
        () => undefined,
      );
  }, [document?.layers]);
  return (
    <main class="map" aria-label={say("map.title")}>
      <div class="canvas" ref={element} />
      {failed.value && (
        <p class="failed" role="alert">
          {say("map.failed")}
        </p>
      )}
      <Sheets />
      <DrawBar />
      <CompareSlider />
      <Preview />
      {rooms.hanging.pose.value ? <HangDock /> : <ChosenCamera />}
      <Seeing />
      <PtzDock />
      <div class="zoom" role="group" aria-label={say("map.title")}>
        <button
          type="button"
          class="float"
          aria-label={say("map.zoom_in")}
          title={say("map.zoom_in")}
          onClick={() => zoomMap(1)}
        >
          +
        </button>
        <button
          type="button"
          class="float"
          aria-label={say("map.zoom_out")}
          title={say("map.zoom_out")}
          onClick={() => zoomMap(-1)}
        >
          −
        </button>
        <button
          type="button"
          class="float"
          aria-label={say("map.home")}
          title={say("map.home")}
          onClick={() => document && zoomMap(document.bounds)}
        >
          ⌂
        </button>
      </div>
      <p class="credit">{say("map.credit")}</p>
      <HoverCard />
      <Choose />
      {rooms.closing.draft.value && <ClosureForm draft={rooms.closing.draft.value} />}
    </main>
  );
}
