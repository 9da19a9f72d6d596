/** Tickets for cameras: of an open incident for that, of the wall for what is said once. */
import { type DemandsDesk, purposeHeader } from "../access/demands";
import { Refused } from "../api/ask";
import type { Client } from "../api/client";
import type { VideoKind, VideoTicket } from "../api/video";

export type Tickets = ReturnType<typeof createTickets>;

/** Build them; a wall of sixteen asks one question, not sixteen. */
export function createTickets(client: Pick<Client, "videoTicket">, demands: Pick<DemandsDesk, "purpose">) {
  let said: Promise<string | null> | null = null;

  async function purpose(incident: number | null): Promise<string> {
    if (incident !== null) return purposeHeader({ incident });
    said ??= demands.purpose(undefined);
    const answer = await said;
    if (answer !== null) return answer;
    said = null;
    throw new Refused(0, "gave_up", null);
  }

  return {
    /** A ticket; throws what the server refuses, and where the person gives up. */
    async ask(camera_id: number, kind: VideoKind, incident: number | null): Promise<VideoTicket> {
      return client.videoTicket(camera_id, kind, await purpose(incident));
    },
    /** What was said for the wall counts no longer. */
    forget(): void {
      said = null;
    },
  };
}
