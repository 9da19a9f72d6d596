/** Recordings: up to four cameras on one clock, their time line with gaps and events, holds, exports. */
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { RecordedCamera } from "../../api/recordings";
import type { Feature } from "../../api/types";
import { pressPlayed } from "../../replay/keys";
import { interval, lastHour, typed } from "../../replay/wanted";
import { asked } from "../../video/archive/asked";
import { createClock } from "../../video/archive/clock";
import type { Span } from "../../video/archive/span";
import { language, say, sayOf, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { fieldsOf } from "../dialogs/trial";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { Page } from "../page/Page";
import { Controls } from "./Controls";
import { ExportDialog } from "./ExportDialog";
import { HoldDialog } from "./HoldDialog";
import { Picture } from "./Picture";
import { createSearch } from "./search";
import { Timeline } from "./Timeline";

const MOST = 4;
const MOST_LISTED = 200;
const TICK_MS = 50;

type Listed = { id: number; code: string; name: string };

function listed({ id, properties }: Feature): Listed {
  const code = String(properties.code ?? "");
  return { id: Number(id), code, name: String(properties[`name_${language.value}`] ?? "") || code };
}

function Choices(props: { cameras: readonly Listed[]; chosen: readonly number[]; turn: (id: number) => void }) {
  const sought = useSignal("");
  const lower = (text: string) => text.toLocaleLowerCase(language.value);
  const found = props.cameras.filter((one) => lower(`${one.name} ${one.code}`).includes(lower(sought.value.trim())));
  return (
    <fieldset class="choices">
      <legend>{say("archive.cameras", { n: MOST })}</legend>
      <input
        type="search"
        aria-label={say("video.search")}
        placeholder={say("video.search")}
        value={sought.value}
        onInput={(typing) => (sought.value = typing.currentTarget.value)}
      />
      <ul class="lines">
        {found.slice(0, MOST_LISTED).map((one) => (
          <li key={one.id}>
            <label>
              <input
                type="checkbox"
                checked={props.chosen.includes(one.id)}
                disabled={!props.chosen.includes(one.id) && props.chosen.length >= MOST}
                onChange={() => props.turn(one.id)}
              />{" "}
              {one.name} <span class="dim">{one.code}</span>
            </label>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="empty">{say("video.none")}</p>}
    </fieldset>
  );
}

function SpanForm({ span, ready, show }: { span: Span; ready: boolean; show: (span: Span) => void }) {
  function submit(submitted: SubmitEvent): void {
    const told = interval(fieldsOf(submitted), span);
    if (told) show(told);
  }
  return (
    <form class="sieve" aria-label={say("replay.interval")} onSubmit={submit}>
      {(["from", "to"] as const).map((name) => (
        <label class="field" key={name}>
          {say(`audit.${name}`)}
          <input type="datetime-local" name={name} required defaultValue={typed(span[`${name}_ms`])} />
        </label>
      ))}
      <button type="submit" class="primary" disabled={!ready}>
        {say("archive.show")}
      </button>
    </form>
  );
}

function How({ cameras }: { cameras: readonly RecordedCamera[] }) {
  const troubled = cameras.filter((one) => one.reason);
  return (
    <ul class="lines how-recorded">
      {cameras.map((one) => (
        <li key={one.id} class="dim">
          {titleOf(one.name) || one.code}: {say(`archive.record.${one.record}`)}, {say("archive.kept", { n: one.days })}
        </li>
      ))}
      {troubled.map((one) => (
        <li key={`${one.id} trouble`} class="bad">
          {titleOf(one.name) || one.code}: {sayOf("archive.hinders", one.reason as string)}
        </li>
      ))}
    </ul>
  );
}

/** The page. */
export function ArchivePage() {
  const { client, demands, desk, now } = useHouse();
  const clock = useMemo(() => createClock(() => performance.now()), []);
  const chosen = useSignal<readonly number[]>(asked.peek()?.cameras ?? []);
  const span = useSignal<Span>(asked.peek()?.span ?? lastHour(now.peek()));
  const search = useMemo(
    () => createSearch({ recordings: client.recordings, purpose: () => demands.purpose(undefined) }, clock),
    [client, clock],
  );
  const { found, purpose, wrong, turns } = search;
  const dialog = useSignal<"export" | "hold" | null>(null);
  const cameras = useAsked(async () => (await client.streamed()).map(listed));
  const waiting = useMemo(() => new Set<number>(), []);

  function show(wanted: Span): void {
    span.value = wanted;
    void search.show(chosen.peek(), wanted);
  }
  function turn(id: number): void {
    const now_chosen = chosen.peek();
    chosen.value = now_chosen.includes(id) ? now_chosen.filter((one) => one !== id) : [...now_chosen, id];
  }
  useEffect(() => {
    if (asked.peek()) show(span.peek());
    asked.value = null;
    const ticks = setInterval(clock.tick, TICK_MS);
    const listen = (pressed: KeyboardEvent) => found.peek() && pressPlayed(clock, pressed);
    addEventListener("keydown", listen);
    return () => {
      clearInterval(ticks);
      removeEventListener("keydown", listen);
    };
  }, []);
  const shown = found.value;
  const may = (operation: string) => desk.may(operation);
  return (
    <Page
      page="archive"
      title={say("page.archive")}
      aside={<SpanForm key={span.value.from_ms} span={span.value} ready={chosen.value.length > 0} show={show} />}
    >
      <Alert>{wrong.value || cameras.wrong.value}</Alert>
      <div class="archive">
        <Choices cameras={cameras.value.value ?? []} chosen={chosen.value} turn={turn} />
        {!shown && <p class="empty">{say("archive.choose")}</p>}
        {shown && (
          <div class="played">
            {may("recordings.play") && (
              <div
                class="wall"
                data-layout={shown.cameras.length > 1 ? 4 : 1}
                role="group"
                aria-label={say("archive.pictures")}
              >
                {shown.cameras.map((camera) => (
                  <Picture
                    key={`${camera.id} ${turns.value}`}
                    camera={camera}
                    clock={clock}
                    purpose={purpose.value}
                    waits={(id, waits) => {
                      if (waits) waiting.add(id);
                      else waiting.delete(id);
                      clock.waiting.value = waiting.size > 0;
                    }}
                  />
                ))}
              </div>
            )}
            <Controls clock={clock} />
            <Timeline cameras={shown.cameras} clock={clock} />
            <How cameras={shown.cameras} />
            <div class="ends">
              {may("recordings.hold") && (
                <button type="button" onClick={() => (dialog.value = "hold")}>
                  {say("archive.holds")}
                </button>
              )}
              {may("recordings.export") && (
                <button type="button" onClick={() => (dialog.value = "export")}>
                  {say("archive.export")}
                </button>
              )}
            </div>
          </div>
        )}
      </div>
      {shown && dialog.value === "hold" && (
        <HoldDialog
          shown={shown}
          purpose={purpose.value}
          close={() => (dialog.value = null)}
          changed={() => void search.refresh()}
        />
      )}
      {shown && dialog.value === "export" && (
        <ExportDialog shown={shown} purpose={purpose.value} close={() => (dialog.value = null)} />
      )}
    </Page>
  );
}
