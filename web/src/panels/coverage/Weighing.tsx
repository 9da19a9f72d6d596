/** Which past incidents gaps are ranked by: all, or those of some categories, of the day or of the night. */
import { DAYTIMES, type Daytime, hoursOf } from "../../desk/hours";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";

function Hours() {
  const { surveying } = useHouse();
  const chosen = surveying.weighing.value;
  return (
    <label class="field">
      <span>{say("coverage.weigh_hours")}</span>
      <select
        value={chosen.daytime}
        onChange={(e) => surveying.weigh({ ...chosen, daytime: e.currentTarget.value as Daytime })}
      >
        {DAYTIMES.map((one) => (
          <option key={one} value={one}>
            {say(`coverage.hours_${one}`, { hours: hoursOf(one) })}
          </option>
        ))}
      </select>
    </label>
  );
}

function Categories() {
  const { surveying, desk } = useHouse();
  const chosen = surveying.weighing.value;
  const known = Object.entries(desk.document.value?.categories ?? {});
  const turn = (name: string) => {
    const others = chosen.categories.filter((one) => one !== name);
    const categories = others.length < chosen.categories.length ? others : [...others, name];
    surveying.weigh({ ...chosen, categories });
  };
  return (
    <details>
      <summary>
        {chosen.categories.length
          ? say("coverage.weigh_some", { n: chosen.categories.length })
          : say("coverage.weigh_all")}
      </summary>
      <fieldset class="stack">
        <legend>{say("coverage.weigh_categories")}</legend>
        {known.map(([name, { title }]) => (
          <label key={name}>
            <input type="checkbox" checked={chosen.categories.includes(name)} onChange={() => turn(name)} />{" "}
            {titleOf(title)}
          </label>
        ))}
      </fieldset>
    </details>
  );
}

/** A section over the list of gaps. */
export function Weighing() {
  return (
    <section class="inset stack" aria-label={say("coverage.weigh")}>
      <Hours />
      <Categories />
    </section>
  );
}
