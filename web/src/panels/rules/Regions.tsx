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

type OfView = {
  work: Work;
  /** The view by its token; none: the one that `none` says. */
  token: string | null | undefined;
  called: string;
  none: string;
  may: boolean;
  views: readonly View[];
  put: (token: string | null) => void;
};

/** In which view a rule looks or a mask was drawn, of a camera that has several. */
export function ViewField({ work, token, called, none, may, views, put }: OfView) {
  const presets = views.filter((view) => view.preset !== null);
  const { moving, preset } = work.base.value;
  const gone = token != null && !presets.some((view) => view.preset === token);
  if (presets.length === 0 && !gone) return null;
  return (
    <>
      <label class="field">
        {called}
        <select name="preset" disabled={!may} onChange={({ currentTarget }) => put(currentTarget.value || null)}>
          <option value="" selected={token == null}>
            {none}
          </option>
          {gone && (
            <option value={token ?? ""} selected>
              {say("rules.gone_view", { token: token ?? "" })}
            </option>
          )}
          {presets.map((view) => (
            <option key={view.preset} value={view.preset ?? ""} selected={view.preset === token}>
              {titleOf(view.name) || view.preset}
            </option>
          ))}
        </select>
      </label>
      {token != null && (moving || preset !== token) && <p class="doubt">⚠ {say("rules.elsewhere")}</p>}
    </>
  );
}
