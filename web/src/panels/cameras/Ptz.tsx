/** The pad that turns a PTZ camera: arrows, zoom, presets, "look there"; it says who has the camera and until when. */
import { useEffect, useMemo } from "preact/hooks";
import type { Speed } from "../../api/cameras";
import type { Place } from "../../api/types";
import { createTurning, type Turning } from "../../desk/turning";
import { clock } from "../../words/formats";
import { say, sayOf, titleOf } from "../../words/words";
import { sentenceOf } from "../dialogs/trial";
import { useHouse } from "../house";

const SLOW = 0.4; // of its top speed: a desk steers, it does not race
const KEYS: Record<string, Speed> = {
  ArrowUp: { tilt: SLOW },
  ArrowDown: { tilt: -SLOW },
  ArrowLeft: { pan: -SLOW },
  ArrowRight: { pan: SLOW },
  Equal: { zoom: SLOW },
  Minus: { zoom: -SLOW },
};
const PAD = [
  ["up", "▲", "ArrowUp"],
  ["left", "◀", "ArrowLeft"],
  ["right", "▶", "ArrowRight"],
  ["down", "▼", "ArrowDown"],
  ["in", "+", "Equal"],
  ["out", "−", "Minus"],
] as const;

type Held = { turning: Turning; disabled: boolean };

/** Buttons that move for as long as they are pressed; the arrows and + − do the same anywhere in the pad. */
function Pad({ turning, disabled }: Held) {
  const press = (code: string) => !disabled && turning.hold(KEYS[code] as Speed);
  return (
    <div
      class="pad"
      role="group"
      aria-label={say("ptz.move")}
      onKeyDown={(pressed) => {
        const button = (pressed.target as HTMLElement).dataset.key;
        const code =
          pressed.code in KEYS ? pressed.code : ["Space", "Enter"].includes(pressed.code) ? button : undefined;
        if (!code) return;
        pressed.preventDefault();
        pressed.stopPropagation();
        if (!pressed.repeat) press(code);
      }}
      onKeyUp={() => turning.release()}
      onBlurCapture={() => turning.release()}
    >
      {PAD.map(([name, sign, code]) => (
        <button
          key={name}
          type="button"
          class={`pad-${name}`}
          data-key={code}
          disabled={disabled}
          aria-label={say(`ptz.${name}`)}
          title={say(`ptz.${name}`)}
          onPointerDown={(pressed) => {
            pressed.currentTarget.setPointerCapture?.(pressed.pointerId);
            press(code);
          }}
          onPointerUp={() => turning.release()}
          onPointerCancel={() => turning.release()}
        >
          {sign}
        </button>
      ))}
    </div>
  );
}

/** The next click on the map is looked at; by keys alone its middle is. */
function LookThere({ turning, disabled }: Held) {
  const { desk } = useHouse();
  const click = useMemo(
    () => (place: Place) => {
      desk.pointing.value = null;
      void turning.send({ kind: "look_at", place });
    },
    [desk, turning],
  );
  const pointing = desk.pointing.value === click; // others take a click too
  useEffect(
    () => () => {
      if (desk.pointing.peek() === click) desk.pointing.value = null;
    },
    [click],
  );
  function look(clicks: number): void {
    const centre = desk.view.peek()?.centre;
    const by_key = clicks === 0;
    if (by_key && centre) void turning.send({ kind: "look_at", place: centre });
    else desk.pointing.value = pointing ? null : click;
  }
  return (
    <button
      type="button"
      aria-pressed={pointing}
      disabled={disabled}
      title={say("ptz.look_how")}
      onClick={(pressed) => look(pressed.detail)}
    >
      {say(pointing ? "ptz.pointing" : "ptz.look")}
    </button>
  );
}

function Presets({ turning, disabled }: Held) {
  const ptz = turning.ptz.value;
  if (!ptz?.presets.length) return <p class="dim">{say("ptz.no_presets")}</p>;
  return (
    <div class="presets" role="group" aria-label={say("ptz.presets")}>
      {ptz.presets.map(({ token, name }) => (
        <button
          key={token}
          type="button"
          disabled={disabled}
          aria-pressed={ptz.preset === token}
          onClick={() => void turning.send({ kind: "preset", token })}
        >
          {titleOf(name) || token}
        </button>
      ))}
    </div>
  );
}

function Holds({ turning }: { turning: Turning }) {
  const holder = turning.ptz.value?.holder;
  if (!holder) return null;
  const words = { who: holder.account, at: clock(holder.until, true) };
  if (!holder.mine) return <p class="stale">{say(holder.yours ? "ptz.held_below" : "ptz.held", words)}</p>;
  return (
    <p class="line">
      <span class="dim">{say("ptz.mine", words)}</span>
      <button type="button" class="quiet" onClick={() => void turning.letGo()}>
        {say("ptz.let_go")}
      </button>
    </p>
  );
}

/** What the camera does now, or why it did not do what was asked. */
function Told({ turning }: { turning: Turning }) {
  const ptz = turning.ptz.value;
  const command = ptz?.command;
  const wrong = turning.wrong.value;
  const failed = command?.outcome === "failed" || command?.outcome === "expired";
  if (wrong) return <p role="alert">{sentenceOf(wrong)}</p>;
  if (failed && !ptz?.moving) return <p role="alert">{sayOf("ptz.failed", command.code ?? "expired")}</p>;
  return (
    <p class="dim" role="status">
      {!ptz ? say("loading") : say(ptz.moving ? "ptz.moving" : "ptz.stands")}
    </p>
  );
}

type Props = { camera_id: number; towards: Place | null };

/** The pad of one camera, which it names, also `towards` a place. */
function Ptz({ camera_id, towards }: Props) {
  const { client, desk, sighting } = useHouse();
  const turning = useMemo(() => createTurning(client, camera_id), [client, camera_id]);
  const changed = desk.tile_versions.value.cameras;
  useEffect(() => void turning.look(), [turning, changed]);
  useEffect(() => turning.stop, [turning]);
  const ptz = turning.ptz.value;
  const disabled = !ptz?.own || (!!ptz.holder && !ptz.holder.yours);
  return (
    <>
      <header>
        <h2 id="ptz-title">{ptz ? say("ptz.title_of", { name: titleOf(ptz.name) || ptz.code }) : say("ptz.title")}</h2>
        <button type="button" class="quiet" aria-label={say("close_panel")} onClick={() => sighting.turn(null)}>
          ✕
        </button>
      </header>
      <div class="ptz">
        <Told turning={turning} />
        {ptz?.own === false && <p class="hint">{say("ptz.not_own")}</p>}
        <Pad turning={turning} disabled={disabled} />
        {towards && (
          <button
            type="button"
            class="primary"
            disabled={disabled}
            onClick={() => void turning.send({ kind: "look_at", place: towards })}
          >
            {say("ptz.look_here")}
          </button>
        )}
        <LookThere turning={turning} disabled={disabled} />
        <Presets turning={turning} disabled={disabled} />
        <Holds turning={turning} />
      </div>
    </>
  );
}

/** The pad over the map, of the camera that is being turned. */
export function PtzDock() {
  const { sighting } = useHouse();
  const id = sighting.turned_id.value;
  if (id === null) return null;
  return (
    <section
      class="dock float"
      aria-labelledby="ptz-title"
      onKeyDown={(pressed) => {
        if (pressed.code !== "Escape") return;
        pressed.stopPropagation();
        sighting.turn(null);
      }}
    >
      <Ptz key={id} camera_id={id} towards={sighting.towards.value} />
    </section>
  );
}
