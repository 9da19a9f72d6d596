/** The middle: the map, its buttons, the layers with their legends, the hover card. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { LegendEntry } from "../api/types";
import { createMap, zoomMap } from "../map/map";
import { isShown, show } from "../map/shown";
import { say, titleOf } from "../words/words";
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
import { CompareSlider } from "./placement/Comparison";
import { PlacementSheet } from "./placement/PlacementSheet";
import { Choose } from "./sending/Choose";
import { Preview } from "./sending/Preview";

const SHAPES: Record<string, string> = {
  circle: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2z",
  ring: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zm0 2.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
  line: "M1 7h14v2.5H1z",
  area: "M2 3h12v10H2z",
  square: "M4 2h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2z",
  triangle: "M8 2.5 15 14.5H1z",
  star: "M8 1.2 10 6l5.2.4-4 3.4 1.3 5.1L8 12.1l-4.5 2.8 1.3-5.1-4-3.4L6 6z",
  cross: "M6 2h4v4h4v4h-4v4H6v-4H2V6h4z",
  flame:
    "M8.8 1c.6 3.2 4 4.2 4 8.6 0 3-2.1 5.2-4.8 5.2s-4.8-2.2-4.8-5c0-2.2 1.1-3.1 1.9-5 .8 1.5 1.4 2 1.9 2.3C7.8 5.4 7.8 3.4 8.8 1z",
  dots: "M2.5 6.5a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3zm5.5 0a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3zm5.5 0a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3z",
  arrow: "M8 1l5.5 14L8 12l-5.5 3z",
  diamond: "M8 .8 15.2 8 8 15.2.8 8z",
  pin: "M8 15.5 3.7 9.6a5.3 5.3 0 1 1 8.6 0z",
};

function Sign({ entry }: { entry: LegendEntry }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={SHAPES[entry.shape] ?? SHAPES.circle}
        fill={entry.colour}
        fill-rule="evenodd"
        stroke={entry.shape === "area" ? "#4a5869" : "none"}
      />
    </svg>
  );
}

function Layers() {
  const { desk } = useHouse();
  const layers = [...(desk.document.value?.layers ?? [])].reverse(); // as on the map: what is on top stands on top
  return layers.map((layer) => (
    <div class="layer" key={layer.name}>
      <label title={titleOf(layer.about)}>
        <input
          type="checkbox"
          role="switch"
          aria-checked={isShown(layer)}
          checked={isShown(layer)}
          onChange={(e) => show(layer, e.currentTarget.checked)}
        />
        <span>{titleOf(layer.title)}</span>
      </label>
      {isShown(layer) && (
        <ul aria-label={`${say("layers.legend")}: ${titleOf(layer.title)}`}>
          {layer.legend.map((entry) => (
            <li key={entry.title.en}>
              <Sign entry={entry} /> {titleOf(entry.title)}
            </li>
          ))}
        </ul>
      )}
    </div>
  ));
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
