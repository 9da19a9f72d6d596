/** How far is looked back, and around: as the server has it, until a slider is moved. */
import type { Reach } from "../../api/past";
import { stepsWith } from "../../desk/past";
import { distance } from "../../words/formats";
import { say } from "../../words/words";

const RADII_M = [50, 100, 200, 300, 500, 800, 1200, 2000, 3000];
const DAYS = [1, 7, 30, 90, 180, 365, 730, 1825, 3650];

type SliderProps = {
  label: string;
  steps: readonly number[];
  value: number;
  text: string;
  set: (value: number) => void;
};
function Slider({ label, steps: ours, value, text, set }: SliderProps) {
  const steps = stepsWith(ours, value);
  return (
    <label class="slider">
      <span>{label}</span>
      <input
        type="range"
        min={0}
        max={steps.length - 1}
        value={steps.indexOf(value)}
        aria-valuetext={text}
        onInput={(e) => set(steps[Number(e.currentTarget.value)] ?? value)}
      />
      <b>{text}</b>
    </label>
  );
}

type Props = { radius_m: number | null; days: number; said: Reach | undefined; set: (moved: Reach) => void };

/** What was asked for, else what the answer says; without a radius where distance says nothing. */
export function Sliders({ radius_m, days, said, set }: Props) {
  const [far, back] = [radius_m === null ? null : (said?.radius_m ?? radius_m), said?.days ?? days];
  return (
    <>
      {far !== null && (
        <Slider
          label={say("history.radius")}
          steps={RADII_M}
          value={far}
          text={distance(far)}
          set={(radius_m) => set({ radius_m })}
        />
      )}
      <Slider
        label={say("history.days")}
        steps={DAYS}
        value={back}
        text={say("history.days_n", { n: back })}
        set={(days) => set({ days })}
      />
    </>
  );
}
