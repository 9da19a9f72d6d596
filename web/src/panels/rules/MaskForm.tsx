/** A mask of the whole camera: what it hides, from whom, and in which view. */
import type { View } from "../../api/calibration";
import type { Mask } from "../../api/rules";
import { say, sayOf } from "../../words/words";
import { shapesOf, withMask } from "./draft";
import { ItemFaults } from "./ItemFaults";
import { Region } from "./Region";
import { ViewField } from "./Regions";
import type { Work } from "./work";

const LONGEST_WHY = 200; // letters, as the server keeps them
type Props = { work: Work; index: number; mask: Mask; may: boolean; views: readonly View[] };

/** The form. */
export function MaskForm({ work, index, mask, may, views }: Props) {
  const put = (change: Partial<Mask>) => work.take(withMask(work.draft.peek(), index, change));
  const shape = shapesOf(work.draft.value, work.functions)[index]; // masks come first
  const called = say("rules.mask_n", { n: index + 1 });
  return (
    <>
      <h3>{called}</h3>
      <ItemFaults faults={work.faults.value} where={`masks[${index}]`} except={[]} />
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
      <ViewField
        work={work}
        token={mask.preset}
        called={say("rules.mask_view")}
        none={say("rules.no_view")}
        may={may}
        views={views}
        put={(preset) => put({ preset })}
      />
      {work.base.value.kind === "ptz" && mask.kind === "privacy" && <p class="dim">{say("rules.mask_turns")}</p>}
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
