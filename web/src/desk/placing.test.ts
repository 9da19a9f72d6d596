import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import type { Client } from "../api/client";
import type { Hanging, Plan, PlanCamera, WholePlan } from "../api/placement";
import { headingTo, ringsOf } from "../map/placing";
import { gapOf } from "../panels/placement/figures";
import type { Desk } from "./desk";
import { createDrawing } from "./drawing";
import { createPlacing, stepped } from "./placing";

const HANGS = { place: { lon: 76.9, lat: 43.2 }, height_m: 6, heading_deg: 0, tilt_deg: 15, hfov_deg: 60 };
const CAMERA = { ...HANGS, id: 5, number: 1 } as PlanCamera;
const job = (outcome: string | null) => ({ id: 9, outcome }) as Plan["job"];
const plan = (id: number, outcome: string | null = "done") =>
  ({ id, job: job(outcome), cameras: [CAMERA], figures: null }) as unknown as WholePlan;

function build(outcomes: (string | null)[] = ["done"]) {
  let looked = 0;
  const layers = signal({ layers: [] as unknown[] });
  const client = {
    placementOffer: vi.fn(async () => ({ currency: "KZT", kinds: [], mounts: [] })),
    placements: vi.fn(async () => ({
      placements: [plan(1, outcomes[Math.min(looked++, outcomes.length - 1)] ?? null)],
    })),
    placement: vi.fn(async (id: number) => plan(id, outcomes[Math.min(looked - 1, outcomes.length - 1)] ?? null)),
    placeCameras: vi.fn(async () => plan(1, null)),
    forbiddenZones: vi.fn(async () => ({ zones: [] })),
    comparePlacements: vi.fn(async (ids: number[]) => ({ plans: ids.map((id) => ({ placement: plan(id) })) })),
    tryHanging: vi.fn(async (_plan: number, _id: number, body: { heading_deg: number }) => {
      return { after: body.heading_deg, refused: null } as Hanging;
    }),
    hang: vi.fn(async () => plan(1)),
    cancelJob: vi.fn(async () => undefined),
  };
  const placing = createPlacing(
    client as unknown as Client,
    { document: layers } as unknown as Desk,
    createDrawing(),
    async () => undefined,
  );
  return { client, placing, layers };
}
const settle = () => new Promise((done) => setTimeout(done, 0));

test("a plan that is reckoned is followed until it has ended, and found again by whoever looks", async () => {
  const { client, placing } = build([null, null, "done"]);
  await placing.look();
  await settle();
  expect(client.placements).toHaveBeenCalledTimes(3);
  expect(placing.plans.value[0]?.job?.outcome).toBe("done");
});

test("of the turns of a camera that come while one is asked, the last is asked, and told", async () => {
  const { client, placing } = build();
  await placing.choose(1);
  placing.hold(CAMERA);
  for (const heading_deg of [10, 20, 30]) placing.hang({ heading_deg });
  await settle();
  await settle();
  expect(client.tryHanging.mock.calls.map(([, , body]) => body.heading_deg)).toEqual([0, 30]);
  expect(placing.trial.value?.found?.after).toBe(30);
  await placing.keep();
  expect(client.hang).toHaveBeenCalledWith(1, 5, { ...HANGS, heading_deg: 30 });
  expect(placing.trial.value).toBeNull();
});

test("four plans stand side by side at most, and one is taken out again", async () => {
  const { placing } = build();
  for (const id of [1, 2, 3, 4, 5]) await placing.toggle(id);
  expect(placing.sides.value.map((side) => side.placement.id)).toEqual([1, 2, 3, 4]);
  await placing.toggle(2);
  expect(placing.compared.value).toEqual([1, 3, 4]);
});

test("another area has other plans", async () => {
  const { placing, layers } = build();
  await placing.look();
  await placing.choose(1);
  placing.leave();
  layers.value = { layers: [] };
  expect(placing.plan.value).toBeNull();
  expect(placing.plans.value).toEqual([]);
});

test("a step is a metre on the ground, and a heading is told from what lies between two spots", () => {
  const moved = stepped({ lon: 76.9, lat: 43.2 }, 0, 111.195);
  expect(moved.lat).toBeCloseTo(43.201, 6);
  expect(stepped({ lon: 76.9, lat: 60 }, 1, 0).lon - 76.9).toBeCloseTo(2 / 111_195, 9);
  expect(headingTo({ x: 0, y: 0 }, { x: 10, y: 0 }, 0)).toBeCloseTo(90);
  expect(headingTo({ x: 0, y: 0 }, { x: 0, y: 10 }, 30)).toBeCloseTo(210);
});

test("how far a plan may be from the best is told of what it adds, and of what a wanted cover costs", () => {
  const figures = { value: 90, bound: 100, cost: 50 } as never;
  expect(gapOf(figures, "budget")).toBeCloseTo(10);
  expect(gapOf({ value: 1, bound: 40, cost: 50 } as never, "cover")).toBeCloseTo(20);
  expect(ringsOf({ type: "MultiPolygon", coordinates: [[[[0, 0]]], [[[1, 1]]]] })).toHaveLength(2);
});
