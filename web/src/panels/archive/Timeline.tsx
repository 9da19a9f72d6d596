/** The interval as lines, a camera each: recorded, not recorded and why, held, events; one click goes there. */
import type { RecordedCamera } from "../../api/recordings";
import type { Clock } from "../../video/archive/clock";
import { momentAt, percent, type Span } from "../../video/archive/span";
import { date, clock as time } from "../../words/formats";
import { say, sayOf, titleOf } from "../../words/words";
import { useKindTitle } from "../parts";

const between = (one: { begins_at: string; ends_at: string }) =>
  `${time(one.begins_at, true)} – ${time(one.ends_at, true)}`;

function placed(span: Span, one: { begins_at: string; ends_at: string }) {
  const [left, right] = [percent(span, Date.parse(one.begins_at)), percent(span, Date.parse(one.ends_at))];
  return { left: `${left}%`, width: `${Math.max(right - left, 0.15)}%` };
}

function Line({ camera, clock }: { camera: RecordedCamera; clock: Clock }) {
  const span = clock.span.value;
  const kind = useKindTitle();
  function go(clicked: MouseEvent): void {
    const box = (clicked.currentTarget as HTMLElement).getBoundingClientRect();
    clock.seek(momentAt(span, (clicked.clientX - box.left) / box.width));
  }
  return (
    <div class="line-of">
      <span class="name">{titleOf(camera.name) || camera.code}</span>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the slider below does the same by the keyboard */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: as above */}
      <div class="track" onClick={go}>
        {camera.recorded.map((one) => (
          <span class="recorded" key={one.begins_at} style={placed(span, one)} title={between(one)} />
        ))}
        {camera.gaps.map((one) => (
          <span
            class="gap"
            key={one.begins_at}
            style={placed(span, one)}
            title={`${between(one)}: ${sayOf("archive.gap", one.reason)}`}
          />
        ))}
        {camera.held.map((one) => (
          <span class="held" key={one.id} style={placed(span, one)} title={`${say("archive.held")}: ${between(one)}`} />
        ))}
        {camera.events.map((one) => (
          <button
            type="button"
            class="event"
            key={one.id}
            style={{ left: `${percent(span, Date.parse(one.at))}%` }}
            aria-label={`${kind(one.kind)}, ${time(one.at, true)}`}
            title={`${kind(one.kind)}, ${time(one.at, true)}`}
            onClick={(clicked) => {
              clicked.stopPropagation();
              clock.seek(Date.parse(one.at));
            }}
          />
        ))}
        <span class="now" style={{ left: `${percent(span, clock.at_ms.value)}%` }} />
      </div>
    </div>
  );
}

/** What was not recorded, in words. */
function Gaps({ cameras }: { cameras: readonly RecordedCamera[] }) {
  const gaps = cameras.flatMap((camera) => camera.gaps.map((gap) => ({ camera, gap })));
  if (gaps.length === 0) return <p class="dim">{say("archive.no_gaps")}</p>;
  return (
    <details>
      <summary>{say("archive.gaps", { n: gaps.length })}</summary>
      <ul class="lines" aria-label={say("archive.gaps", { n: gaps.length })}>
        {gaps.map(({ camera, gap }) => (
          <li key={`${camera.id} ${gap.begins_at}`}>
            {camera.code} · {date(gap.begins_at)}, {between(gap)}: {sayOf("archive.gap", gap.reason)}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The lines. */
export function Timeline({ cameras, clock }: { cameras: readonly RecordedCamera[]; clock: Clock }) {
  return (
    <section class="timeline" aria-label={say("archive.timeline")}>
      {cameras.map((camera) => (
        <Line key={camera.id} camera={camera} clock={clock} />
      ))}
      <Gaps cameras={cameras} />
    </section>
  );
}
