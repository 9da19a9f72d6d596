/** What nobody sees for a purpose, the heaviest first: why it matters, how large it is, what a camera could hang on. */
import type { AreaCoverage, Gap, GroundGap, Hang } from "../../api/coverage";
import { distance, hectares, number } from "../../words/formats";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { walkList } from "../walk";

function Holder({ hang }: { hang: Hang | null }) {
  const { desk } = useHouse();
  if (!hang) return null;
  const away = distance(hang.away_m);
  return (
    <button type="button" class="link small" title={say("show_on_map")} onClick={() => desk.flyTo(hang.place, 18)}>
      {hang.kind === "pole"
        ? say("coverage.hang_pole", { name: hang.name ?? "", away })
        : say("coverage.hang_building", { away })}
    </button>
  );
}

/** One of them; Enter on its name flies there. */
export function GapLine({ gap, title }: { gap: GroundGap | Gap; title: string }) {
  const { desk } = useHouse();
  return (
    <li>
      <span class="what">
        <button type="button" class="link strong" title={say("show_on_map")} onClick={() => desk.flyTo(gap.place, 17)}>
          {title}
        </button>
        <span>{gap.reasons.map(titleOf).join(" · ") || say("coverage.gap_empty")}</span>
        <span class="dim">{say("coverage.gap_size", { ha: hectares(gap.ground_m2) })}</span>
        {"hang" in gap && <Holder hang={gap.hang} />}
      </span>
      <b title={say("coverage.weight")}>{number(gap.weight, 1)}</b>
    </li>
  );
}

/** Of which area they are listed. */
function Narrowing({ areas }: { areas: readonly AreaCoverage[] }) {
  const { surveying } = useHouse();
  if (areas.length < 2) return null;
  return (
    <label class="field">
      <span>{say("coverage.gaps_of")}</span>
      <select
        value={String(surveying.within.value ?? "")}
        onChange={(e) => surveying.narrow(Number(e.currentTarget.value) || null)}
      >
        <option value="">{say("coverage.gaps_all")}</option>
        {areas.map(({ area }) => (
          <option key={area.id} value={String(area.id)}>
            {titleOf(area.name)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The list; up and down walk through it. */
export function Gaps() {
  const { surveying } = useHouse();
  const [gaps, areas] = [surveying.gaps.value, surveying.coverage.value?.areas ?? []];
  if (gaps.length === 0 && surveying.within.value === null) return null;
  return (
    <section class="inset stack" aria-label={say("coverage.gaps")}>
      <h2>{say("coverage.gaps")}</h2>
      <Narrowing areas={areas} />
      {gaps.length === 0 && <p class="dim">{say("coverage.gaps_none")}</p>}
      <ol class="lines" onKeyDown={walkList}>
        {gaps.map((gap) => (
          <GapLine key={gap.id} gap={gap} title={gap.nearest ? titleOf(gap.nearest) : say("coverage.no_address")} />
        ))}
      </ol>
      {surveying.next.value !== null && (
        <button type="button" onClick={() => void surveying.more()}>
          {say("coverage.more")}
        </button>
      )}
    </section>
  );
}
