/** A layer's switch, and its legend while it is drawn. */
import type { LegendEntry, MapLayer } from "../api/types";
import { isShown, show } from "../map/shown";
import { say, titleOf } from "../words/words";

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

/** The switch of one layer. */
export function LayerSwitch({ layer }: { layer: MapLayer }) {
  return (
    <div class="layer">
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
  );
}
