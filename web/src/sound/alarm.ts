/** The alarm's sound, made here and not played from a file; it says when the browser allows none. */
import { signal } from "@preact/signals";

/** `blocked`: the browser lets a page sound only after somebody pressed something in it. */
export type Voice = "silent" | "sounding" | "blocked" | "none";
export type Alarm = ReturnType<typeof createAlarm>;

const [CHIME_HZ, CHIME_S] = [[660, 880], 0.16];
const [MIDDLE_HZ, SWING_HZ, TURNS_HZ, LOUD] = [760, 150, 1.6, 0.22];

/** Two tones in turn, until stopped. */
function siren(context: AudioContext): () => void {
  const [tone, turn, swing, loud] = [
    context.createOscillator(),
    context.createOscillator(),
    context.createGain(),
    context.createGain(),
  ];
  tone.type = "triangle";
  tone.frequency.value = MIDDLE_HZ;
  turn.type = "square";
  turn.frequency.value = TURNS_HZ;
  swing.gain.value = SWING_HZ;
  loud.gain.value = LOUD;
  turn.connect(swing).connect(tone.frequency);
  tone.connect(loud).connect(context.destination);
  for (const source of [tone, turn]) source.start();
  return () => {
    for (const source of [tone, turn]) source.stop();
    loud.disconnect();
  };
}

/** Two short tones, one after the other. */
function bell(context: AudioContext): void {
  for (const [i, hz] of CHIME_HZ.entries()) {
    const [tone, loud, at_s] = [context.createOscillator(), context.createGain(), context.currentTime + i * CHIME_S];
    tone.frequency.value = hz;
    loud.gain.setValueAtTime(LOUD, at_s);
    loud.gain.linearRampToValueAtTime(0, at_s + CHIME_S);
    tone.connect(loud).connect(context.destination);
    tone.start(at_s);
    tone.stop(at_s + CHIME_S);
  }
}

/** Build it on the page whose presses let it sound; `make` gives the browser's audio, or nothing where it has none. */
export function createAlarm(page: EventTarget, make: () => AudioContext | null) {
  const voice = signal<Voice>("silent");
  let context: AudioContext | null = null;
  let stopSiren: (() => void) | null = null;

  function tell(): void {
    if (!stopSiren) voice.value = "silent";
    else voice.value = context?.state === "running" ? "sounding" : "blocked";
  }
  function open(): AudioContext | null {
    if (context) return context;
    context = make();
    context?.addEventListener("statechange", tell);
    return context;
  }
  /** Ask the browser once more; a press is what it waits for. */
  function wake(): void {
    if (open()?.state === "suspended") void context?.resume().then(tell, tell);
  }
  for (const press of ["pointerdown", "keydown"]) page.addEventListener(press, wake, { capture: true });

  function start(): void {
    if (stopSiren) return;
    const opened = open();
    if (!opened) voice.value = "none";
    else {
      stopSiren = siren(opened);
      wake();
      tell();
    }
  }
  function stop(): void {
    stopSiren?.();
    stopSiren = null;
    tell();
  }
  /** Say once that something came; where the page may not sound yet it is not said later. */
  function chime(): void {
    const opened = open();
    if (opened?.state === "running") bell(opened);
  }
  return { voice, start, stop, wake, chime };
}
