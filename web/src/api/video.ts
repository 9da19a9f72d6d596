/** Tickets to watch cameras; the picture itself comes from the door for video. */
import type { Ask } from "./ask";

export type VideoKind = "live" | "mjpeg";
export type VideoTicket = {
  ticket: string;
  address: string;
  kind: VideoKind;
  masked: boolean;
  watermark: string;
  lasts_s: number;
};

/** Build the questions on a way to ask; `purpose` is the header of what it is watched for. */
export function videoQuestions(ask: Ask) {
  return {
    videoTicket: (camera_id: number, kind: VideoKind, purpose: string) =>
      ask<VideoTicket>("POST", `/api/cameras/${camera_id}/tickets`, {
        body: { kind },
        headers: { "X-Qyran-Purpose": purpose },
      }),
  };
}
