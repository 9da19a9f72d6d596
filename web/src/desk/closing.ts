/** Closed roads: what holds and what is to come, and one that is being drawn or changed. */
import { effect, signal, untracked } from "@preact/signals";
import type { Client } from "../api/client";
import type { Closure, ClosureShape } from "../api/closures";
import type { Place } from "../api/types";
import { say } from "../words/words";
import type { Desk } from "./desk";
import type { Drawing, Drawn } from "./drawing";
import { gather } from "./gather";

/** A shape that was drawn, or a closure that is changed, before anybody said why and until when. */
export type Draft = { shape: ClosureShape; was: Closure | null };
export type Hours = { reason: string; begins_at: string | null; ends_at: string | null };
export type Closing = ReturnType<typeof createClosing>;

const pair = (place: Place): [number, number] => [place.lon, place.lat];

/** GeoJSON of what was drawn; a polygon's border ends where it begins. */
export function shapeOf(kind: Drawn, points: readonly Place[]): ClosureShape {
  const drawn = points.map(pair);
  if (kind === "line") return { type: "LineString", coordinates: drawn };
  return { type: "Polygon", coordinates: [[...drawn, drawn[0] as [number, number]]] };
}

/** The points of a shape as they were drawn. */
export function pointsOf(shape: ClosureShape): Place[] {
  const drawn = shape.type === "LineString" ? shape.coordinates : (shape.coordinates[0] ?? []).slice(0, -1);
  return drawn.map(([lon, lat]) => ({ lon, lat }));
}

/** Where to look at a shape: the middle of its box. */
export function middleOf(shape: ClosureShape): Place {
  const points = pointsOf(shape);
  const mid = (values: number[]) => (Math.min(...values) + Math.max(...values)) / 2;
  return { lon: mid(points.map((p) => p.lon)), lat: mid(points.map((p) => p.lat)) };
}

/** Build it on a client, the desk that hears of closures, and the drawing. */
export function createClosing(client: Client, desk: Desk, drawing: Drawing) {
  const list = signal<Closure[]>([]);
  const draft = signal<Draft | null>(null);
  const refresh = gather(async () => {
    if (desk.may("closures.list")) list.value = (await client.closures()).closures;
  }, 300);
  effect(() => {
    void [desk.session.value, desk.rows.value.closures];
    untracked(() => {
      refresh();
      if (desk.opened_id.value !== null) desk.refreshProposals(); // other roads, other times
    });
  });

  async function draw(kind: Drawn, was: Closure | null = null): Promise<void> {
    draft.value = null;
    const points = await drawing.draw(kind, say(`closure.drawing.${kind}`), was ? pointsOf(was.shape) : []);
    if (points) draft.value = { shape: shapeOf(kind, points), was };
  }
  const change = (was: Closure) => (draft.value = { shape: was.shape, was });
  const drop = () => (draft.value = null);

  /** Close the roads; what it takes the place of is opened afterwards, so that they are never open in between. */
  async function save(hours: Hours): Promise<void> {
    const drawn = draft.value;
    if (!drawn) return;
    const made = await client.closeRoads({ shape: drawn.shape, ...hours });
    if (drawn.was) await client.openRoads(drawn.was.id);
    drop();
    desk.tell(say("closure.made", { n: made.roads }));
    refresh();
  }
  async function end(closure: Closure): Promise<void> {
    if ((await desk.act(() => client.openRoads(closure.id).then(() => true))) === null) return;
    desk.tell(say("closure.ended"));
    refresh();
  }
  return { list, draft, refresh, draw, change, drop, save, end };
}
