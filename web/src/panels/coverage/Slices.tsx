/** By what the ground is coloured, and where: the choice, and the legend with its names and square metres. */
import type { Band, Cut } from "../../api/coverage";
import type { Slice } from "../../desk/slices";
import { CUTS } from "../../desk/slices";
import type { Scope } from "../../desk/slicing";
import { cssColour } from "../../map/bands";
import { decimal } from "../../words/formats";
import { say, sayOf, titleOf } from "../../words/words";
import { useHouse } from "../house";

const SCOPES: readonly Scope[] = ["off", "camera", "view"];

/** Square metres, or hectares where they are many. */
export const ground = (m2: number): string =>
  m2 < 10_000 ? say("slices.m2", { n: Math.round(m2) }) : say("coverage.gap_size", { ha: decimal(m2 / 10_000) });

/** What a slice is called: a purpose, or a class with its name and pixels. */
export function useSliceName(): (name: string) => string {
  const { surveying, slicing } = useHouse();
  const [purposes, cut] = [surveying.purposes.value, slicing.cut.value];
  return (name) => {
    const purpose = purposes.find((one) => one.name === name);
    if (purpose) return titleOf(purpose.title);
    return say("slices.class", {
      name: sayOf(`slices.${cut}`, name.replace(".", "_")),
      n: decimal(Number(name), Number(name) % 1 ? 1 : 0),
    });
  };
}

/** The slices with their colours, the coarsest first, and how much of each there is where that is known. */
export function Legend({ slices, bands }: { slices: readonly Slice[]; bands: readonly Band[] | null }) {
  const nameOf = useSliceName();
  const areas = new Map(bands?.map((one) => [one.properties.name, one.properties.area_m2]));
  return (
    <ul class="bands slices" aria-label={say("layers.legend")}>
      {slices.map((one) => (
        <li key={one.name}>
          <i style={{ background: cssColour(one.colour) }} aria-hidden="true" />
          <span>{nameOf(one.name)}</span>
          {bands && <b>{ground(areas.get(one.name) ?? 0)}</b>}
        </li>
      ))}
    </ul>
  );
}

/** The choice of what the ground is cut into. */
export function CutField() {
  const { slicing } = useHouse();
  return (
    <label class="field">
      <span>{say("slices.cut")}</span>
      <select value={slicing.cut.value} onChange={(e) => slicing.choose(e.currentTarget.value as Cut)}>
        {CUTS.map((one) => (
          <option key={one} value={one}>
            {say(`slices.${one}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** In the planner's sheet. */
export function Slices() {
  const { slicing, desk } = useHouse();
  if (!desk.may("coverage.ground")) return null;
  const [scope, ground_seen] = [slicing.scope.value, slicing.ground.value];
  const drawn = slicing.drawn.value;
  return (
    <section class="inset stack" aria-label={say("slices.title")}>
      <h2>{say("slices.title")}</h2>
      <CutField />
      <label class="field">
        <span>{say("slices.of")}</span>
        <select value={scope} onChange={(e) => slicing.show(e.currentTarget.value as Scope)}>
          {SCOPES.map((one) => (
            <option key={one} value={one}>
              {say(`slices.of_${one}`)}
            </option>
          ))}
        </select>
      </label>
      {scope === "camera" && desk.camera_id.value === null && <p class="dim">{say("slices.choose_camera")}</p>}
      <Legend slices={slicing.slices.value} bands={drawn} />
      <p class="dim" role="status">
        {scope === "view" && ground_seen && !slicing.wrong.value
          ? say("slices.reckoned", {
              n: ground_seen.cameras,
              ground: ground(ground_seen.ground_m2),
              cell: ground_seen.cell_m,
            })
          : scope === "view" && !slicing.wrong.value
            ? say("loading")
            : ""}
      </p>
      <p class="short" role="alert">
        {slicing.wrong.value}
      </p>
    </section>
  );
}
