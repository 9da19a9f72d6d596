/** A camera picture by picture on a canvas: where masks are burnt in, and where the browser knows no codec of it. */
import type { VideoTicket } from "../api/video";
import { createParts, type Picture } from "./parts";
import type { Told, Why } from "./shown";

/** Draw a picture as it is. */
export async function draw(canvas: HTMLCanvasElement, picture: Picture): Promise<void> {
  const bitmap = await createImageBitmap(new Blob([picture.jpeg.slice()], { type: "image/jpeg" }));
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  bitmap.close();
}

async function read(canvas: HTMLCanvasElement, ticket: VideoTicket, told: Told, signal: AbortSignal): Promise<Why> {
  const address = `${ticket.address}/mjpeg?ticket=${ticket.ticket}`;
  const answer = await fetch(address, { signal, credentials: "omit", cache: "no-store" });
  const reader = answer.body?.getReader();
  if (!answer.ok || !reader) return answer.status === 503 ? "busy" : "lost";
  const take = createParts();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return "lost";
    const newest = take(value).at(-1);
    if (!newest) continue;
    await draw(canvas, newest);
    if (newest.live) told.frame(newest.hidden);
  }
}

/** Show a camera picture by picture. */
export function playPictures(canvas: HTMLCanvasElement, ticket: VideoTicket, told: Told): () => void {
  const stop = new AbortController();
  read(canvas, ticket, told, stop.signal)
    .catch((): Why => "lost")
    .then((why) => stop.signal.aborted || told.ended(why));
  return () => stop.abort();
}
