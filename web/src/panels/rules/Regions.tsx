/** What a rule has in the picture, and in which view of the camera. */
import type { View } from "../../api/calibration";
import type { Mask, Rule } from "../../api/rules";
import { say, sayOf, titleOf } from "../../words/words";
import { shapesOfRule, withRule } from "./draft";
import { fieldsOf } from "./form";
import { Region } from "./Region";
import type { Work } from "./work";

type OfRule = { work: Work; index: number; rule: Rule; may: boolean };

/** The lines and zones of its settings, and the regions that it alone does not look at. */
export function Regions({ work, index, rule, may }: OfRule) {
  const fields = fieldsOf(work.functions[rule.function]);
  const shapes = shapesOfRule(rule, index, work.functions);
  const own = rule.masks ?? [];
  const put = (masks: readonly Mask[]) => work.take(withRule(work.draft.peek(), index, { masks }));
  function add(): void {
    put([...own, { polygon: [] }]);
    work.draw({ part: "rules", index, own_mask: own.length });
  }
  return (
    <section class="part">
      <h4>{say("rules.drawn")}</h4>
      {shapes.map((shape) => {
        const { setting, own_mask } = shape.where;
        const field = fields.find((one) => one.name === setting);
        const hidden = own_mask !== undefined;
        return (
          <Region
            key={JSON.stringify(shape.where)}
            work={work}
            shape={shape}
            may={may}
            called={hidden ? say("rules.hidden_n", { n: own_mask + 1 }) : sayOf("rules.setting", setting ?? "")}
            optional={!!field && !field.required}
            remove={hidden ? () => put(own.toSpliced(own_mask, 1)) : undefined}
          />
        );
      })}
      {(may || own.length > 0) && <p class="dim">{say("rules.hidden")}</p>}
      {may && (
        <button type="button" onClick={add}>
          + {say("rules.add_hidden")}
        </button>
      )}
    </section>
  );
}

/** The view in which it looks, of a camera that has several. */
export function ViewField({ work, index, rule, may, views }: OfRule & { views: readonly View[] }) {
  const presets = views.filter((view) => view.preset !== null);
  const { moving, preset } = work.base.value;
  const gone = rule.preset != null && !presets.some((view) => view.preset === rule.preset);
  if (presets.length === 0 && !gone) return null;
  return (
    <>
      <label class="field">
        {say("rules.view")}
        <select
          name="preset"
          disabled={!may}
          onChange={({ currentTarget }) =>
            work.take(withRule(work.draft.peek(), index, { preset: currentTarget.value || null }))
          }
        >
          <option value="" selected={rule.preset == null}>
            {say("rules.every_view")}
          </option>
          {gone && (
            <option value={rule.preset ?? ""} selected>
              {say("rules.gone_view", { token: rule.preset ?? "" })}
            </option>
          )}
          {presets.map((view) => (
            <option key={view.preset} value={view.preset ?? ""} selected={view.preset === rule.preset}>
              {titleOf(view.name) || view.preset}
            </option>
          ))}
        </select>
      </label>
      {rule.preset != null && (moving || preset !== rule.preset) && <p class="doubt">⚠ {say("rules.elsewhere")}</p>}
    </>
  );
}
