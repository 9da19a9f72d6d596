/** The clip of an event beside its picture: played against a ticket, or why there is none. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { purposeHeader } from "../../access/demands";
import { gaveUp } from "../../api/insist";
import type { QyranEvent } from "../../api/types";
import { showRecording } from "../../video/archive/asked";
import { createReel, type Reel } from "../../video/archive/player";
import { say, sayOf } from "../../words/words";
import { Alert } from "../Alert";
import { sentenceOf } from "../dialogs/trial";
import { useHouse } from "../house";

function Film({ event }: { event: QyranEvent }) {
  const { client, demands } = useHouse();
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
  return (
    <>
      <Alert>{wrong.value}</Alert>
      <video
        ref={video}
        class="clip"
        muted
        controls
        playsInline
        disablePictureInPicture
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
          {clip ? sayOf("clip.state", clip.state) : say("clip.state.waiting")}
          {clip?.reason && `: ${sayOf("archive.gap", clip.reason)}`}
        </span>
      )}{" "}
      <button type="button" class="link" onClick={() => showRecording(camera.id, Date.parse(event.at), now.peek())}>
        {say("clip.recording")}
      </button>
    </p>
  );
}
