/** Plans of cameras: asking for one, the plan that is looked at, a camera of it hung otherwise, plans side by side. */
import { computed, effect, signal, untracked } from "@preact/signals";
import { Refused } from "../api/ask";
import type { Client } from "../api/client";
import type {
  Hanging,
  Hangs,
  NewPlan,
  Offer,
  Plan,
  PlanCamera,
  Polygon,
  Side,
  WholePlan,
  Zone,
} from "../api/placement";
import type { Place } from "../api/types";
import { say, titleOf } from "../words/words";
import { shapeOf } from "./closing";
import type { Desk } from "./desk";
import type { Drawing } from "./drawing";

const LOOKS_MS = 1000;
export const MOST_COMPARED = 4;
/** A camera of the plan that is hung otherwise, and what comes of it. */
export type Trial = { camera: PlanCamera; hangs: Hangs; found: Hanging | null };
export type Placing = ReturnType<typeof createPlacing>;

/** How a camera hangs, without the rest that is known of it. */
export const hangsOf = ({ place, height_m, heading_deg, tilt_deg, hfov_deg }: Hangs): Hangs => ({
  place,
  height_m,
  heading_deg,
  tilt_deg,
  hfov_deg,
});
const M_PER_DEG = 111_195;
/** A place so many metres further east and north. */
export const stepped = ({ lon, lat }: Place, east_m: number, north_m: number): Place => ({
  lon: lon + east_m / (M_PER_DEG * Math.cos((lat * Math.PI) / 180)),
  lat: lat + north_m / M_PER_DEG,
});
export const isRunning = (plan: Plan): boolean => plan.job !== null && plan.job.outcome === null;

/** Build it on a client, the desk, and the drawing. */
export function createPlacing(client: Client, desk: Desk, drawing: Drawing, wait = rest) {
  const offer = signal<Offer | null>(null);
  const plans = signal<readonly Plan[]>([]);
  const plan = signal<WholePlan | null>(null);
  const zones = signal<readonly Zone[]>([]);
  const shape = signal<Polygon | null>(null); // where the next plan is asked for
  const trial = signal<Trial | null>(null);
  const compared = signal<readonly number[]>([]);
  const sides = signal<readonly Side[]>([]);
  const split = signal(50); // percent of the map's width that the left plan has
  const open = signal(false);
  const busy = signal(false);
  const wrong = signal("");

  let turn = 0; // what was asked before it is of an area, or of an account, that was left
  async function ask<T>(question: Promise<T>): Promise<T | null> {
    const own = turn;
    try {
      const answer = await question;
      if (own !== turn) return null;
      wrong.value = "";
      return answer;
    } catch (error) {
      if (own === turn) wrong.value = (error instanceof Refused && titleOf(error.title)) || say("said.failed");
      return null;
    }
  }

  async function read(): Promise<void> {
    const found = await ask(client.placements());
    if (found) plans.value = found.placements;
  }
  let following = false;
  /** Look how far the plans are until none is reckoned or nobody looks any more; they go on by themselves. */
  async function follow(): Promise<void> {
    if (following) return;
    following = true;
    try {
      while (open.peek() && plans.peek().some(isRunning)) {
        await wait(LOOKS_MS);
        await read();
        const own = plan.peek();
        const now = own && plans.peek().find((one) => one.id === own.id);
        if (own && now && isRunning(own) && !isRunning(now)) await choose(now.id);
      }
    } finally {
      following = false;
    }
  }
  async function look(): Promise<void> {
    open.value = true;
    const [told, drawn] = await Promise.all([ask(client.placementOffer()), ask(client.forbiddenZones()), read()]);
    if (told) offer.value = told;
    if (drawn) zones.value = drawn.zones;
    void follow();
  }
  function leave(): void {
    open.value = false;
    trial.value = null;
  }
  async function make(wish: NewPlan): Promise<boolean> {
    busy.value = true;
    const made = await ask(client.placeCameras(shape.peek() ? { ...wish, shape: shape.peek() as Polygon } : wish));
    busy.value = false;
    if (!made) return false;
    shape.value = null;
    await read();
    await choose(made.id);
    void follow();
    return true;
  }
  async function choose(id: number): Promise<void> {
    trial.value = null;
    const found = await ask(client.placement(id));
    if (found) plan.value = found;
  }
  async function remove(id: number): Promise<void> {
    if ((await ask(client.deletePlacement(id).then(() => true))) === null) return;
    if (plan.peek()?.id === id) close();
    if (compared.peek().includes(id)) await compare(compared.peek().filter((one) => one !== id));
    await read();
  }
  async function cancel(one: Plan): Promise<void> {
    if (one.job && (await ask(client.cancelJob(one.job.id).then(() => true)))) await read();
  }
  function close(): void {
    plan.value = null;
    trial.value = null;
  }

  // ── a camera hung otherwise: one question is under way, and of those that came meanwhile the last is asked ──
  let asking = false;
  async function tryOut(): Promise<void> {
    if (asking) return;
    asking = true;
    for (let told = trial.peek(), asked: Hangs | null = null; told && told.hangs !== asked; told = trial.peek()) {
      asked = told.hangs;
      const whole = plan.peek();
      const found = whole && (await ask(client.tryHanging(whole.id, told.camera.id, asked)));
      const now = trial.peek();
      if (now && now.camera.id === told.camera.id && found) trial.value = { ...now, found };
    }
    asking = false;
  }
  function hold(camera: PlanCamera | null): void {
    trial.value = camera && { camera, hangs: hangsOf(camera), found: null };
    if (camera) void tryOut();
  }
  function hang(change: Partial<Hangs>): void {
    const held = trial.peek();
    if (!held) return;
    trial.value = { ...held, hangs: { ...held.hangs, ...change } };
    void tryOut();
  }
  async function keep(): Promise<void> {
    const [whole, held] = [plan.peek(), trial.peek()];
    if (!whole || !held) return;
    const kept = await ask(client.hang(whole.id, held.camera.id, held.hangs));
    if (kept) await changed(kept);
  }
  async function takeDown(camera: PlanCamera): Promise<void> {
    const whole = plan.peek();
    const kept = whole && (await ask(client.takeDown(whole.id, camera.id)));
    if (kept) await changed(kept);
  }
  async function changed(kept: WholePlan): Promise<void> {
    plan.value = kept;
    trial.value = null;
    await read();
    if (compared.peek().includes(kept.id)) await compare(compared.peek());
  }

  // ── side by side ──
  async function compare(ids: readonly number[]): Promise<void> {
    compared.value = ids.slice(0, MOST_COMPARED);
    if (compared.peek().length === 0) sides.value = [];
    else sides.value = (await ask(client.comparePlacements(compared.peek())))?.plans ?? [];
  }
  const toggle = (id: number) =>
    compare(compared.peek().includes(id) ? compared.peek().filter((one) => one !== id) : [...compared.peek(), id]);

  // ── shapes ──
  async function draw(title: string): Promise<Polygon | null> {
    const points = await drawing.draw("polygon", title);
    const drawn = points && shapeOf("polygon", points);
    return drawn?.type === "Polygon" ? (drawn as Polygon) : null;
  }
  async function drawShape(): Promise<void> {
    const drawn = await draw(say("placement.drawing_region"));
    if (drawn) shape.value = drawn;
  }
  async function forbid(name: string, rule: Zone["rule"]): Promise<void> {
    const drawn = await draw(say("placement.drawing_zone"));
    const made = drawn && (await ask(client.forbid({ name, rule, shape: drawn })));
    if (made) zones.value = [...zones.peek(), made];
  }
  async function allow(zone: Zone): Promise<void> {
    if (await ask(client.allow(zone.id).then(() => true))) zones.value = zones.peek().filter((one) => one !== zone);
  }

  const layers = computed(() => desk.document.value?.layers); // another area, another account: other plans
  effect(() => {
    void layers.value;
    untracked(() => {
      turn += 1;
      for (const list of [plans, zones, compared, sides]) list.value = [];
      for (const one of [plan, shape, trial, offer]) one.value = null;
      if (open.peek()) void look();
    });
  });
  return {
    ...{ offer, plans, plan, zones, shape, trial, compared, sides, split, open, busy, wrong },
    ...{ look, leave, make, choose, close, remove, cancel, hold, hang, keep, takeDown },
    ...{ toggle, drawShape, forbid, allow },
  };
}

const rest = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
