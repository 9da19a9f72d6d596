/** The clip of an event beside its picture: played against a ticket, or why there is none. */
import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { purposeHeader } from "../../access/demands";
import { gaveUp } from "../../api/insist";
import type { PlaybackTicket } from "../../api/recordings";
import type { QyranEvent } from "../../api/types";
import { showRecording } from "../../video/archive/asked";
import { createClock } from "../../video/archive/clock";
import { createReel, type Reel } from "../../video/archive/player";
import { standing } from "../../video/archive/standing";
import { createStills } from "../../video/archive/stills";
import { say, sayOf } from "../../words/words";
import { Alert } from "../Alert";
import { sentenceOf } from "../dialogs/trial";
import { useHouse } from "../house";
import { Controls } from "./Controls";

const TICK_MS = 50;

/** The clip masked, picture by picture, on a clock of its own. */
function Stills({ ticket, failed }: { ticket: PlaybackTicket; failed: (why: string) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const hidden = useSignal(false);
  const clock = useMemo(() => createClock(() => performance.now()), []);
  useEffect(() => {
    if (!canvas.current) return;
    const stills = createStills(canvas.current, ticket, { failed, hidden: (all) => (hidden.value = all) });
    clock.open({ from_ms: Date.parse(ticket.begins_at), to_ms: Date.parse(ticket.ends_at) });
    clock.toggle();
    let jump = -1;
    const ticks = setInterval(() => {
      if (jump !== clock.jumps.peek()) stills.seek(clock.at_ms.peek());
      jump = clock.jumps.peek();
      clock.tick();
      stills.show(clock.at_ms.peek());
      clock.waiting.value = !stills.ready();
    }, TICK_MS);
    return () => {
      clearInterval(ticks);
      stills.end();
    };
  }, []);
  return (
    <>
      <canvas ref={canvas} class="clip" role="img" aria-label={say("clip.title")} />
      <p class="dim" role="status">
        {hidden.value && say("video.hidden")}
      </p>
      <Controls clock={clock} />
    </>
  );
}

function Film({ event }: { event: QyranEvent }) {
  const { client, demands } = useHouse();
  const masked = useSignal<PlaybackTicket | null>(null);
  const video = useRef<HTMLVideoElement>(null);
  const wrong = useSignal("");
  useEffect(() => {
    let [reel, gone] = [null as Reel | null, false];
    async function open(): Promise<void> {
      const told = event.incident_id
        ? purposeHeader({ incident: event.incident_id })
        : await demands.purpose(undefined);
      if (told === null || gone || !video.current) return;
      const ticket = await client.playbackTicket({ event: event.id }, told);
      if (gone || !video.current) return;
      if (ticket.masked) {
        masked.value = ticket;
        return;
      }
      const begins = Date.parse(ticket.begins_at);
      reel = createReel(video.current, ticket, begins, { failed: (why) => (wrong.value = say(`archive.${why}`)) });
      await reel.seek(begins);
      video.current.play().catch(() => undefined);
    }
    open().catch((error) => (wrong.value = gaveUp(error) ? say("video.declined") : sentenceOf(error)));
    return () => {
      gone = true;
      reel?.end();
    };
  }, [event.id]);
  const failed = (why: string) => (wrong.value = say(`archive.${why as "lost"}`));
  return (
    <>
      <Alert>{wrong.value}</Alert>
      {masked.value && <Stills ticket={masked.value} failed={failed} />}
      <video
        ref={video}
        class="clip"
        muted
        controls
        playsInline
        disablePictureInPicture
        hidden={masked.value !== null}
        aria-label={say("clip.title")}
      />
    </>
  );
}

/** Nothing for what no camera saw, and for those who may not play recordings. */
export function EventClip({ event }: { event: QyranEvent }) {
  const { desk, now } = useHouse();
  const open = useSignal<number | null>(null);
  const { clip, camera } = event;
  if (!camera || !desk.may("recordings.play")) return null;
  if (open.value === event.id) return <Film event={event} />;
  return (
    <p class="clip-line">
      {clip?.state === "ready" ? (
        <button type="button" onClick={() => (open.value = event.id)}>
          {say("clip.play")}
        </button>
      ) : (
        <span class="dim">
          {sayOf("clip.state", standing(clip))}
          {clip?.reason && `: ${sayOf("archive.gap", clip.reason)}`}
        </span>
      )}{" "}
      <button type="button" class="link" onClick={() => showRecording(camera.id, Date.parse(event.at), now.peek())}>
        {say("clip.recording")}
      </button>
    </p>
  );
}
