import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refused } from "../api/ask";
import type { VideoKind, VideoTicket } from "../api/video";
import type { Told } from "./shown";
import { watch } from "./watching";

const ticket = (kind: VideoKind): VideoTicket => ({
  ticket: "t",
  address: "http://x",
  kind,
  masked: kind === "mjpeg",
  watermark: "desk",
  lasts_s: 30,
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function house(answer: (kind: VideoKind) => Promise<VideoTicket> = (kind) => Promise.resolve(ticket(kind))) {
  const asked: VideoKind[] = [];
  const told: Told[] = [];
  const show = (_: VideoTicket, one: Told) => {
    told.push(one);
    return () => undefined;
  };
  const watching = watch({
    ask: (kind) => {
      asked.push(kind);
      return answer(kind);
    },
    show: { live: show, mjpeg: show },
    plays_fragments: true,
    now_ms: () => Date.now(),
  });
  return { watching, asked, told };
}
const settled = () => vi.advanceTimersByTimeAsync(0);

test("a picture is live when its first frame is shown, not before", async () => {
  const { watching, told } = house();
  await settled();
  expect(watching.seen.value.phase).toBe("opening");
  told[0]?.frame();
  expect(watching.seen.value.phase).toBe("live");
});

test("a camera that sends nothing says why, until a picture comes", async () => {
  const { watching, told } = house();
  await settled();
  const why = [{ kk: "а", ru: "б", en: "The camera refuses the user name or password." }];
  told[0]?.fares(why);
  expect(watching.seen.value).toMatchObject({ phase: "opening", reasons: why });
  const same = watching.seen.value;
  told[0]?.fares([...why]);
  expect(watching.seen.value).toBe(same);
  told[0]?.frame();
  expect(watching.seen.value).toMatchObject({ phase: "live", reasons: [] });
});

test("a picture that is hidden whole is told as hidden, until one is not", async () => {
  const { watching, told } = house();
  await settled();
  told[0]?.frame(true);
  expect(watching.seen.value).toMatchObject({ phase: "live", hidden: true });
  told[0]?.frame();
  expect(watching.seen.value).toMatchObject({ phase: "live", hidden: false });
});

test("after a fault a new ticket is asked for", async () => {
  const { watching, asked, told } = house();
  await settled();
  told[0]?.ended("lost");
  expect(watching.seen.value.phase).toBe("lost");
  await vi.advanceTimersByTimeAsync(600);
  expect(asked).toEqual(["live", "live"]);
});

test("what no fragment can hold is asked for picture by picture", async () => {
  const { asked, told } = house();
  await settled();
  told[0]?.ended("pictures");
  await settled();
  expect(asked).toEqual(["live", "mjpeg"]);
});

test("an ended session and a refusal are not asked again", async () => {
  const { watching, asked, told } = house();
  await settled();
  told[0]?.ended("session");
  await vi.advanceTimersByTimeAsync(60_000);
  expect([watching.seen.value.phase, asked.length]).toEqual(["ended", 1]);
  const other = house(() => Promise.reject(new Refused(403, "not_your_role", null)));
  await vi.advanceTimersByTimeAsync(60_000);
  expect([other.watching.seen.value.phase, other.asked.length]).toEqual(["refused", 1]);
});

test("a picture that was closed is not opened again, whatever its door still says", async () => {
  const { watching, asked, told } = house();
  await settled();
  watching.stop();
  told[0]?.ended("lost");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked.length).toBe(1);
});
