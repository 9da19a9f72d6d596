/** Forbidden zones: drawn on the map, listed, taken away. */
import { useSignal } from "@preact/signals";
import type { Zone, ZoneRule } from "../../api/placement";
import { middleOf } from "../../desk/closing";
import { say } from "../../words/words";
import { useHouse } from "../house";

function Row({ zone }: { zone: Zone }) {
  const { placing, desk } = useHouse();
  return (
    <li>
      <span class="what">
        <button type="button" class="link strong" onClick={() => desk.flyTo(middleOf(zone.shape), 17)}>
          {zone.name}
        </button>
        <span class="dim">{say(`placement.zone.${zone.rule}` as "placement.zone.refuse")}</span>
      </span>
      {desk.may("forbidden_zones.write") && (
        <button
          type="button"
          class="link"
          aria-label={say("placement.allow_zone", { name: zone.name })}
          onClick={() => void placing.allow(zone)}
        >
          {say("placement.delete")}
        </button>
      )}
    </li>
  );
}

/** The part of the sheet. */
export function Zones() {
  const { placing, desk } = useHouse();
  const name = useSignal("");
  const rule = useSignal<ZoneRule>("refuse");
  return (
    <details class="inset">
      <summary>{say("placement.zones", { n: placing.zones.value.length })}</summary>
      <ul class="lines">
        {placing.zones.value.map((zone) => (
          <Row key={zone.id} zone={zone} />
        ))}
      </ul>
      {desk.may("forbidden_zones.write") && (
        <form
          class="stack"
          onSubmit={(submitted) => {
            submitted.preventDefault();
            void placing.forbid(name.value.trim(), rule.value);
          }}
        >
          <label class="field">
            {say("placement.zone_name")}
            <input required maxLength={200} value={name.value} onInput={(e) => (name.value = e.currentTarget.value)} />
          </label>
          <label class="field">
            {say("placement.zone_rule")}
            <select value={rule.value} onChange={(e) => (rule.value = e.currentTarget.value as ZoneRule)}>
              <option value="refuse">{say("placement.zone.refuse")}</option>
              <option value="mask">{say("placement.zone.mask")}</option>
            </select>
          </label>
          <button type="submit">{say("placement.draw_zone")}</button>
        </form>
      )}
    </details>
  );
}
