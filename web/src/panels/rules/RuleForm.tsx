/** What is chosen: a rule with all that it says, or a mask of the camera. */
import type { View } from "../../api/calibration";
import type { CameraFunction, Fault, Mask, Rule } from "../../api/rules";
import { say, sayOf, titleOf } from "../../words/words";
import { CardPart } from "./CardPart";
import { added, faultsAt, shapesOf, shapesOfRule, turnedTo, withMask, withRule, withSetting } from "./draft";
import { saidOf } from "./faults";
import { fieldsOf, isDrawn } from "./form";
import { calledOf } from "./List";
import { Region } from "./Region";
import { Schedule } from "./Schedule";
import { Settings } from "./Settings";
import type { Work } from "./work";

const LONGEST_NAME = 80; // letters, as the server keeps them
const LONGEST_WHY = 200;

type Of = { work: Work; index: number; may: boolean };
type OfRule = Of & { rule: Rule };

/** What is wrong and is shown at no field of its own. */
function Faults({ faults, where, except }: { faults: readonly Fault[]; where: string; except: readonly string[] }) {
  const shown = except.flatMap((part) => faultsAt(faults, `${where}.${part}`));
  return (
    <>
      {faultsAt(faults, where)
        .filter((fault) => !shown.includes(fault))
        .map((fault) => (
          <p class="wrong" key={fault.where + fault.problem.en}>
            {saidOf(fault)}
          </p>
        ))}
    </>
  );
}

function FunctionField({ work, index, rule, may }: OfRule) {
  const all = Object.values(work.functions);
  const known = work.functions[rule.function];
  function turn(to: CameraFunction | undefined): void {
    if (!to) return;
    work.take(withRule(work.draft.peek(), index, turnedTo(rule, to)));
    work.choose({ part: "rules", index });
  }
  return (
    <label class="field">
      {say("rules.function")}
      <select
        name="function"
        disabled={!may}
        onChange={(chosen) => turn(work.functions[chosen.currentTarget.value])}
        key={rule.function}
      >
        {!known && <option selected>{say("rules.unknown_function", { name: rule.function })}</option>}
        {all.map(({ name, title }) => (
          <option key={name} value={name} selected={name === rule.function}>
            {titleOf(title)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The lines and zones of its settings, and the regions that it alone does not look at. */
function Regions({ work, index, rule, may }: OfRule) {
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
      <p class="dim">{say("rules.hidden")}</p>
      {may && (
        <button type="button" onClick={add}>
          + {say("rules.add_hidden")}
        </button>
      )}
    </section>
  );
}

/** The view in which it looks, of a camera that has several. */
function ViewField({ work, index, rule, may, views }: OfRule & { views: readonly View[] }) {
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

function OneRule({ work, index, rule, may, views }: OfRule & { views: readonly View[] }) {
  const known = work.functions[rule.function];
  const [faults, where] = [work.faults.value, `rules[${index}]`];
  const plain = fieldsOf(known).filter((field) => !isDrawn(field));
  const put = (change: Partial<Rule>) => work.take(withRule(work.draft.peek(), index, change));
  const of = { work, index, rule, may };
  function copy(): void {
    work.take(added(work.draft.peek(), rule));
    work.choose({ part: "rules", index: work.draft.peek().rules.length - 1 });
  }
  return (
    <>
      <h3>
        {index + 1}. {calledOf(rule, work)}
      </h3>
      <Faults faults={faults} where={where} except={["schedule", ...plain.map(({ name }) => `settings.${name}`)]} />
      <FunctionField {...of} />
      {known?.name === "speed" && work.base.value.calibration !== "good" && (
        <p class="doubt">⚠ {say("rules.needs_calibration")}</p>
      )}
      {known?.card && <CardPart card={known.card} />}
      <label class="field">
        {say("rules.name")}
        <input
          name="name"
          disabled={!may}
          maxLength={LONGEST_NAME}
          value={rule.name ?? ""}
          onChange={(typed) => put({ name: typed.currentTarget.value.trim() })}
        />
      </label>
      <ViewField {...of} views={views} />
      <Regions {...of} />
      {plain.length > 0 && (
        <section class="part settings">
          <h4>{say("rules.settings")}</h4>
          <Settings
            fields={plain}
            settings={rule.settings ?? {}}
            where={`${where}.settings`}
            faults={faults}
            disabled={!may}
            change={(name, value) => work.take(withSetting(work.draft.peek(), index, name, value))}
          />
        </section>
      )}
      <Schedule
        schedule={rule.schedule ?? []}
        where={`${where}.schedule`}
        faults={faults}
        disabled={!may}
        change={(schedule) => put({ schedule })}
      />
      {may && (
        <p class="acts">
          <button type="button" onClick={copy}>
            {say("rules.copy")}
          </button>
          <button type="button" class="danger" onClick={() => work.drop({ part: "rules", index })}>
            {say("rules.remove_rule")}
          </button>
        </p>
      )}
    </>
  );
}

function OneMask({ work, index, mask, may }: Of & { mask: Mask }) {
  const put = (change: Partial<Mask>) => work.take(withMask(work.draft.peek(), index, change));
  const shape = shapesOf(work.draft.value, work.functions)[index]; // masks come first
  const called = say("rules.mask_n", { n: index + 1 });
  return (
    <>
      <h3>{called}</h3>
      <Faults faults={work.faults.value} where={`masks[${index}]`} except={[]} />
      <fieldset class="several wide-words">
        <legend>{say("rules.mask_kind")}</legend>
        {(["privacy", "analysis"] as const).map((kind) => (
          <label class="tick" key={kind}>
            <input
              type="radio"
              name="mask-kind"
              disabled={!may}
              checked={(mask.kind ?? "analysis") === kind}
              onChange={() => put({ kind })}
            />
            {sayOf("rules.kind", kind)}
          </label>
        ))}
      </fieldset>
      <label class="field">
        {say("rules.why")}
        <input
          name="why"
          disabled={!may}
          maxLength={LONGEST_WHY}
          value={mask.why ?? ""}
          onChange={(typed) => put({ why: typed.currentTarget.value.trim() })}
        />
      </label>
      {shape && <Region work={work} shape={shape} called={say("rules.drawn")} may={may} />}
      {may && (
        <p class="acts">
          <button type="button" class="danger" onClick={() => work.drop({ part: "masks", index })}>
            {say("rules.remove_mask")}
          </button>
        </p>
      )}
    </>
  );
}

/** The form; nothing where nothing is chosen. */
export function Chosen({ work, may, views }: { work: Work; may: boolean; views: readonly View[] }) {
  const item = work.chosen.value;
  if (!item) return null;
  const { rules, masks } = work.draft.value;
  const [rule, mask] = [item.part === "rules" && rules[item.index], item.part === "masks" && masks[item.index]];
  const { index } = item;
  return (
    <div class="chosen-rule" key={`${item.part}-${index}`}>
      {rule && <OneRule work={work} index={index} rule={rule} may={may} views={views} />}
      {mask && may && work.isFixed(item) && <p class="hint">{say("rules.mask_stays")}</p>}
      {mask && <OneMask work={work} index={index} mask={mask} may={may && !work.isFixed(item)} />}
    </div>
  );
}
