/** One camera live: its picture, how old that is, who watches. A picture that stands still never looks live. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { gaveUp } from "../../api/insist";
import type { Title } from "../../api/types";
import { silent_s } from "../../video/lag";
import { playPictures } from "../../video/pictures";
import { playStream, playsFragments } from "../../video/player";
import { type Watched, type Watching, watch } from "../../video/watching";
import { clock, date } from "../../words/formats";
import { say, titleOf } from "../../words/words";
import { sentenceOf } from "../dialogs/trial";
import { useHouse } from "../house";

const LOOK_MS = 500;

export type Seen = { id: number; code: string; name: Title };
type Props = {
  camera: Seen;
  /** The incident it is watched for; without one the person is asked. */
  incident?: number | null;
  close?: () => void;
  /** What stands over the picture: how the camera is moved. */
  children?: ComponentChildren;
};

function sentence({ phase, wrong, reasons, hidden }: Watched, silent: number): string {
  if (phase === "refused") return gaveUp(wrong) ? say("video.declined") : sentenceOf(wrong);
  const why = reasons.map(titleOf).join(" ");
  if (phase === "live" && silent > 0) return why || say("video.silent", { n: silent });
  if (phase === "live") return hidden ? say("video.hidden") : "";
  return (phase === "opening" && why) || say(`video.${phase}`);
}

function Watermark({ who }: { who: string }) {
  const { now } = useHouse();
  const at = new Date(now.value).toISOString();
  return <span class="watermark" aria-hidden="true">{`${who} · ${date(at)}, ${clock(at, true)}`}</span>;
}

function Signs({ seen }: { seen: Watched }) {
  const { ticket, phase } = seen;
  if (!ticket || phase !== "live") return null;
  const how = ticket.masked ? "video.masked" : ticket.kind === "mjpeg" ? "video.pictures" : "video.live";
  return <span class={`how ${ticket.kind}`}>{say(how)}</span>;
}

/** The tile; it watches from when it is drawn until it is taken away. */
export function Tile({ camera, incident = null, close, children }: Props) {
  const { tickets } = useHouse();
  const [video, canvas, frame] = [
    useRef<HTMLVideoElement>(null),
    useRef<HTMLCanvasElement>(null),
    useRef<HTMLElement>(null),
  ];
  const watching = useSignal<Watching | null>(null);
  const silent = useSignal(0);
  useEffect(() => {
    const [moving, still] = [video.current, canvas.current];
    if (!moving || !still) return;
    const own = watch({
      ask: (kind) => tickets.ask(camera.id, kind, incident),
      show: {
        live: (ticket, told) => playStream(moving, ticket, told),
        mjpeg: (ticket, told) => playPictures(still, ticket, told),
      },
      plays_fragments: playsFragments(),
      now_ms: () => performance.now(),
    });
    watching.value = own;
    const looks = setInterval(() => (silent.value = silent_s(performance.now(), own.frame_ms.peek())), LOOK_MS);
    return () => {
      clearInterval(looks);
      own.stop();
    };
  }, [camera.id, incident]);
  const seen = watching.value?.seen.value ?? { phase: "opening", ticket: null, wrong: null, reasons: [] };
  const name = titleOf(camera.name) || camera.code;
  const said = sentence(seen, silent.value);
  const by = seen.ticket?.kind ?? "live";
  return (
    <figure
      class={`tile ${seen.phase} ${said ? "still" : ""}`}
      data-camera={camera.id}
      ref={frame}
      aria-label={say("video.picture_of", { name })}
    >
      <video ref={video} muted playsInline disablePictureInPicture hidden={by !== "live"} />
      <canvas ref={canvas} hidden={by !== "mjpeg"} />
      {seen.ticket && <Watermark who={seen.ticket.watermark} />}
      <p class="said" role="status">
        {said}
      </p>
      <figcaption>
        <span class="name">{name}</span>
        <Signs seen={seen} />
        <span class="room" />
        {children}
        <button
          type="button"
          class="icon"
          aria-label={say("video.full_screen", { name })}
          title={say("video.full_screen", { name })}
          onClick={() =>
            void (document.fullscreenElement ? document.exitFullscreen() : frame.current?.requestFullscreen())
          }
        >
          <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
            <path d="M1 5V1h4M9 1h4v4M13 9v4H9M5 13H1V9" fill="none" stroke="currentColor" stroke-width="2" />
          </svg>
        </button>
        {close && (
          <button
            type="button"
            class="icon"
            aria-label={say("video.close", { name })}
            title={say("video.close", { name })}
            onClick={close}
          >
            <span aria-hidden="true">✕</span>
          </button>
        )}
      </figcaption>
    </figure>
  );
}
