/** What is chosen: a rule with all that it says, or a mask of the camera. */
import type { View } from "../../api/calibration";
import type { CameraFunction, Rule } from "../../api/rules";
import { say, titleOf } from "../../words/words";
import { CardPart } from "./CardPart";
import { added, turnedTo, withRule, withSetting } from "./draft";
import { counting, fieldsOf, isDrawn } from "./form";
import { ItemFaults } from "./ItemFaults";
import { calledOf } from "./List";
import { MaskForm } from "./MaskForm";
import { Regions, ViewField } from "./Regions";
import { Schedule } from "./Schedule";
import { Settings } from "./Settings";
import type { Work } from "./work";

const LONGEST_NAME = 80; // letters, as the server keeps them

type Of = { work: Work; index: number; may: boolean };
type OfRule = Of & { rule: Rule };

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

function OneRule({ work, index, rule, may, views }: OfRule & { views: readonly View[] }) {
  const known = work.functions[rule.function];
  const [faults, where] = [work.faults.value, `rules[${index}]`];
  const plain = counting(fieldsOf(known), rule.settings ?? {}).filter((field) => !isDrawn(field));
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
      <ItemFaults faults={faults} where={where} except={["schedule", ...plain.map(({ name }) => `settings.${name}`)]} />
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
      <ViewField
        work={work}
        token={rule.preset}
        called={say("rules.view")}
        none={say("rules.every_view")}
        may={may}
        views={views}
        put={(preset) => put({ preset })}
      />
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
      {mask && <MaskForm work={work} index={index} mask={mask} may={may && !work.isFixed(item)} views={views} />}
    </div>
  );
}
