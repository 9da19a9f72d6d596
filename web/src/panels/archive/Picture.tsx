/** One camera's recording on the page's one clock; where nothing was recorded it says why. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { gaveUp } from "../../api/insist";
import type { PlaybackTicket, RecordedCamera } from "../../api/recordings";
import type { Clock } from "../../video/archive/clock";
import { createReel, type Reel } from "../../video/archive/player";
import { gapAt, isRecorded, strays } from "../../video/archive/span";
import { createStills } from "../../video/archive/stills";
import { date, clock as time } from "../../words/formats";
import { say, sayOf, titleOf } from "../../words/words";
import { sentenceOf } from "../dialogs/trial";
import { useHouse } from "../house";

const LOOK_MS = 200;

type Elements = { video: HTMLVideoElement; canvas: HTMLCanvasElement };

type Props = {
  camera: RecordedCamera;
  clock: Clock;
  purpose: string;
  /** Told whether this picture is waited for. */
  waits: (id: number, waits: boolean) => void;
};

/** Keep an element beside the clock: paused with it, at its speed, set anew where it strays. */
function follow(video: HTMLVideoElement, reel: Reel, clock: Clock): void {
  const wanted_s = (clock.at_ms.peek() - clock.span.peek().from_ms) / 1000;
  const running = clock.playing.peek() && !clock.waiting.peek();
  if (video.playbackRate !== clock.speed.peek()) video.playbackRate = clock.speed.peek();
  if (running && video.paused) video.play().catch(() => undefined); // it is muted: nobody's leave is needed
  if (!running && !video.paused) video.pause();
  const strayed_ms = Math.abs(video.currentTime - wanted_s) * 1000;
  if (strayed_ms > strays(clock.speed.peek()) && reel.ready()) void reel.seek(clock.at_ms.peek());
}

type Told = { failed: (why: string) => void; hidden: (all: boolean) => void };
type Playing = { seek: (at_ms: number) => unknown; ready: () => boolean; follow: () => void; end: () => void };

/** Play what a ticket is for: as it was sent, or, masked, picture by picture. */
function playing(elements: Elements, ticket: PlaybackTicket, clock: Clock, told: Told): Playing {
  const { failed } = told;
  const zero_ms = clock.span.peek().from_ms;
  if (ticket.masked) {
    const stills = createStills(elements.canvas, ticket, told);
    return { ...stills, follow: () => stills.show(clock.at_ms.peek()) };
  }
  const reel = createReel(elements.video, ticket, zero_ms, { failed });
  return { ...reel, follow: () => follow(elements.video, reel, clock) };
}

function Watermark({ who, clock }: { who: string; clock: Clock }) {
  const at = new Date(clock.at_ms.value).toISOString();
  return <span class="watermark" aria-hidden="true">{`${who} · ${date(at)}, ${time(at, true)}`}</span>;
}

/** The picture; it holds its ticket from when it is drawn until it is taken away. */
export function Picture({ camera, clock, purpose, waits }: Props) {
  const { client } = useHouse();
  const [video, canvas] = [useRef<HTMLVideoElement>(null), useRef<HTMLCanvasElement>(null)];
  const ticket = useSignal<PlaybackTicket | null>(null);
  const wrong = useSignal("");
  const hidden = useSignal(false);
  const span = clock.span.value;
  useEffect(() => {
    const [element, still] = [video.current, canvas.current];
    if (!element || !still) return;
    let reel: Playing | null = null;
    let gone = false;
    let [jump, there] = [clock.jumps.peek(), false];
    const failed = (why: string) => (wrong.value = say(`archive.${why as "lost"}`));
    const interval = { begins_at: new Date(span.from_ms).toISOString(), ends_at: new Date(span.to_ms).toISOString() };
    client
      .playbackTicket({ camera: camera.id, ...interval }, purpose)
      .then((handed) => {
        if (gone) return;
        ticket.value = handed;
        reel = playing({ video: element, canvas: still }, handed, clock, {
          failed,
          hidden: (all) => (hidden.value = all),
        });
      })
      .catch((error) => (wrong.value = gaveUp(error) ? say("video.declined") : sentenceOf(error)));
    const looks = setInterval(() => {
      if (!reel) return;
      const at = clock.at_ms.peek();
      const recorded = isRecorded(camera, at);
      if (recorded && (!there || jump !== clock.jumps.peek())) void reel.seek(at);
      if (recorded) reel.follow();
      else element.pause();
      [jump, there] = [clock.jumps.peek(), recorded];
      waits(camera.id, recorded && !wrong.peek() && !reel.ready());
    }, LOOK_MS);
    return () => {
      gone = true;
      clearInterval(looks);
      waits(camera.id, false);
      reel?.end();
    };
  }, [camera.id, span.from_ms, span.to_ms]);
  const gap = gapAt(camera, clock.at_ms.value);
  const said = wrong.value || (gap ? sayOf("archive.gap", gap.reason) : hidden.value ? say("video.hidden") : "");
  const name = titleOf(camera.name) || camera.code;
  return (
    <figure
      class={`tile ${said ? "still" : ""}`}
      data-camera={camera.id}
      aria-label={say("archive.picture_of", { name })}
    >
      <video ref={video} muted playsInline disablePictureInPicture hidden={ticket.value?.masked} />
      <canvas ref={canvas} hidden={!ticket.value?.masked} />
      {ticket.value && <Watermark who={ticket.value.watermark} clock={clock} />}
      <p class="said" role="status">
        {said}
      </p>
      <figcaption>
        <span class="name">{name}</span>
        <span class="dim">{camera.code}</span>
      </figcaption>
    </figure>
  );
}
