/** Cover: the minutes to reach of one service on the map with their legend and time, and who could stand by where. */
import type { Cover, StandbyMove } from "../../api/cover";
import type { Covered } from "../../desk/covering";
import { bandColour, cssColour, legendOf } from "../../map/bands";
import { clock, stopwatch } from "../../words/formats";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { ServiceSign, useServiceTitle } from "../parts";

const percent = (share: number) => Math.floor(share * 100);

function Legend({ cover }: { cover: Cover }) {
  return (
    <ul class="bands" aria-label={say("layers.legend")}>
      {legendOf(cover.minutes.features).map(({ from_min, to_min }) => (
        <li key={to_min}>
          <i style={{ background: cssColour(bandColour(to_min, cover.target_s)) }} aria-hidden="true" />
          {say("cover.band", { from: Math.round(from_min), to: Math.round(to_min) })}
          {to_min * 60 > cover.target_s && <span class="dim">{say("cover.late")}</span>}
        </li>
      ))}
      <li>
        <i class="beyond" aria-hidden="true" />
        {say("cover.beyond")}
      </li>
    </ul>
  );
}

function Move({ move }: { move: StandbyMove }) {
  const { covering, desk } = useHouse();
  return (
    <li>
      <span class="what">
        <span>
          <button
            type="button"
            class="link strong"
            onClick={() => desk.flyTo(move.post.place, 14)}
            title={say("show_on_map")}
          >
            {move.call_sign}
          </button>{" "}
          → {titleOf(move.post.name) || say("cover.post")} · {stopwatch(move.drive_s)}
        </span>
        <span class="dim">{titleOf(move.reason)}</span>
      </span>
      {desk.may("cover.ask") && (
        <button type="button" disabled={desk.busy.value} onClick={() => void covering.ask(move)}>
          {say("cover.ask")}
        </button>
      )}
    </li>
  );
}

/** Who was asked already and is on the way; they count as there. */
function Asked({ cover }: { cover: Cover }) {
  const asked = cover.asked ?? [];
  if (asked.length === 0) return null;
  return (
    <section class="inset" aria-label={say("cover.asked_moves")}>
      <h2>{say("cover.asked_moves")}</h2>
      <ul class="lines">
        {asked.map((one) => (
          <li key={one.unit_id}>
            <span class="what">
              <span>
                {one.call_sign} → {titleOf(one.post.name) || say("cover.post")}
              </span>
              <span class="dim">{say("cover.asked_by", { at: clock(one.asked_at), who: one.asked_by })}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Areas({ cover }: { cover: Cover }) {
  const falls = cover.by_area.filter((one) => one.falls_short);
  if (falls.length === 0) return null;
  return (
    <details class="inset">
      <summary>{say("cover.short_areas", { n: falls.length })}</summary>
      <ul class="shares">
        {falls.map((one) => (
          <li key={one.area.id}>
            <span>{titleOf(one.area.name)}</span> <b>{percent(one.share)} %</b>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Drawn({ covered }: { covered: Covered }) {
  const { cover, read_ms } = covered;
  return (
    <div class="stack">
      <p class="inset">
        <b class={cover.falls_short ? "short" : ""}>
          {say("cover.share", { n: percent(cover.share), wanted: percent(cover.wanted_share) })}
        </b>
        <br />
        <span class="dim">
          {say("cover.within", { time: stopwatch(cover.target_s) })} · {say("cover.free", { n: cover.free_units })} ·{" "}
          {say("cover.at", { at: clock(read_ms, true) })}
        </span>
      </p>
      <Legend cover={cover} />
      <Areas cover={cover} />
      {cover.moves.length > 0 && (
        <section class="inset" aria-label={say("cover.moves")}>
          <h2>{say("cover.moves")}</h2>
          <ul class="lines">
            {cover.moves.map((move) => (
              <Move key={move.unit_id} move={move} />
            ))}
          </ul>
        </section>
      )}
      <Asked cover={cover} />
      {cover.falls_short && cover.moves.length === 0 && !cover.asked?.length && (
        <p class="dim inset">{say("cover.no_moves")}</p>
      )}
    </div>
  );
}

function Share({ service, share }: { service: string; share: number }) {
  const { covering } = useHouse();
  const falls = covering.short.value.some((one) => one.cover.service === service);
  return (
    <b class={falls ? "short" : "dim"}>
      {falls && "▼ "}
      {percent(share)} %
    </b>
  );
}

/** What the button over the map opens. */
export function CoverSheet() {
  const { covering } = useHouse();
  const title = useServiceTitle();
  const { shown, known, drawn } = covering;
  return (
    <>
      <ul class="cover-services">
        {covering.services().map((service) => {
          const covered = known.value.get(service)?.cover;
          return (
            <li key={service}>
              <button
                type="button"
                aria-pressed={shown.value === service}
                onClick={() => covering.show(shown.value === service ? null : service)}
              >
                <ServiceSign service={service} />
                <span>{title(service)}</span>
                {covered && <Share service={service} share={covered.share} />}
              </button>
            </li>
          );
        })}
      </ul>
      <p class="wrong inset" role="alert">
        {covering.wrong.value}
      </p>
      {shown.value === null && <p class="dim inset">{say("cover.choose")}</p>}
      {drawn.value && <Drawn covered={drawn.value} />}
    </>
  );
}
