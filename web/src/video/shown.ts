/** What a player is handed, and what it tells. */
import type { Title } from "../api/types";
import type { VideoTicket } from "../api/video";

/** Why a picture ended: the session did, the camera is gone, it comes picture by picture, many watch, or a fault. */
export type Why = "session" | "gone" | "pictures" | "busy" | "lost";
/** `frame`: one came, of which all may be hidden from who watches; `fares`: why the camera sends no picture, as the door for video says it each second. */
export type Told = {
  frame: (hidden?: boolean) => void;
  fares: (reasons: readonly Title[]) => void;
  ended: (why: Why) => void;
};
/** Begin to show what a ticket is for; what comes back ends it. */
export type Show = (ticket: VideoTicket, told: Told) => () => void;

/** Why the door for video closed a socket, by its code. */
export function whyOf(code: number): Why {
  return ({ 4401: "session", 4404: "gone", 4415: "pictures" } as const)[code] ?? "lost";
}
