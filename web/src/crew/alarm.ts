/** Making oneself heard in a pocket: a tone and a shake, after the first touch has allowed sound. */

const TONES_HZ = {
  task: [660, 880, 660, 880],
  moved: [880, 660, 880, 660],
  message: [740],
  panic: [980, 980],
} as const;
const SHAKES_MS = {
  task: [400, 150, 400, 150, 400],
  moved: [400, 150, 400, 150, 400],
  message: [200],
  panic: [600],
} as const;
const TONE_S = 0.18;
let context: AudioContext | null = null;

/** Browsers give sound to a page only once somebody touched it. */
export function allowSound(page: Document): void {
  page.addEventListener("pointerdown", () => (context ??= new AudioContext()), { once: true });
}

function tone(at_s: number, hz: number, audio: AudioContext): void {
  const [source, loudness] = [audio.createOscillator(), audio.createGain()];
  source.frequency.value = hz;
  loudness.gain.setValueAtTime(0.4, at_s);
  loudness.gain.linearRampToValueAtTime(0, at_s + TONE_S);
  source.connect(loudness).connect(audio.destination);
  source.start(at_s);
  source.stop(at_s + TONE_S);
}

/** Sound and shake. */
export function alarm(kind: keyof typeof TONES_HZ): void {
  navigator.vibrate?.([...SHAKES_MS[kind]]);
  const audio = context;
  if (!audio) return;
  for (const [i, hz] of TONES_HZ[kind].entries()) tone(audio.currentTime + i * TONE_S, hz, audio);
}
