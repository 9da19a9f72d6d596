import { expect, test } from "vitest";
import { createAlarm } from "./alarm";

/** A browser's audio that sounds only after it was let to, as after a press. */
class Audio extends EventTarget {
  state: "suspended" | "running" = "suspended";
  allowed = false;
  destination = {};
  started = 0;
  stopped = 0;
  private node() {
    const node = {
      type: "",
      frequency: { value: 0 },
      gain: { value: 0, setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined },
      connect: (to: unknown) => to ?? node,
      disconnect: () => undefined,
      start: () => this.started++,
      stop: () => this.stopped++,
    };
    return node;
  }
  currentTime = 0;
  createOscillator = () => this.node();
  createGain = () => this.node();
  async resume(): Promise<void> {
    if (this.allowed) this.state = "running";
  }
}

function build(audio: Audio | null) {
  const page = new EventTarget();
  return { page, alarm: createAlarm(page, () => audio as unknown as AudioContext | null) };
}
const settled = () => new Promise((done) => setTimeout(done, 0));

test("a browser that lets nothing sound yet is told of, until somebody presses something", async () => {
  const audio = new Audio();
  const { page, alarm } = build(audio);
  alarm.start();
  await settled();
  expect(alarm.voice.value).toBe("blocked");
  audio.allowed = true;
  page.dispatchEvent(new Event("keydown"));
  await settled();
  expect(alarm.voice.value).toBe("sounding");
});

test("it sounds until it is stopped, and only once however often it is started", async () => {
  const audio = new Audio();
  audio.allowed = true;
  const { alarm } = build(audio);
  alarm.start();
  alarm.start();
  await settled();
  expect([alarm.voice.value, audio.started]).toEqual(["sounding", 2]);
  alarm.stop();
  expect([alarm.voice.value, audio.stopped]).toEqual(["silent", 2]);
});

test("a chime is two tones at once where the page may sound, and none later where it may not", async () => {
  const audio = new Audio();
  const { page, alarm } = build(audio);
  alarm.chime();
  audio.allowed = true;
  page.dispatchEvent(new Event("keydown"));
  await settled();
  expect([audio.started, alarm.voice.value]).toEqual([0, "silent"]);
  alarm.chime();
  expect(audio.started).toBe(2);
});

test("a browser without audio says so", () => {
  const { alarm } = build(null);
  alarm.start();
  expect(alarm.voice.value).toBe("none");
  alarm.stop();
  expect(alarm.voice.value).toBe("silent");
});
