/** The camera that is chosen on the map: how it fares, and what may be done with it. */
import { useEffect } from "preact/hooks";
import { addressOf } from "../../access/way";
import type { CameraFaring } from "../../api/cameras";
import { ago, decimal } from "../../words/formats";
import { say, sayOf, titleOf } from "../../words/words";
import { CameraSees } from "../coverage/CameraSees";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";

const AGAIN_MS = 5000;

/** What it costs and brings: the figures of its way through the pipeline. */
function Counters({ camera }: { camera: CameraFaring }) {
  const { counters } = camera;
  if (!counters) return null;
  const told: readonly (readonly [string, string])[] = [
    ["dropped", String(counters.dropped)],
    ["gate_ms", counters.gate_ms == null ? "–" : decimal(counters.gate_ms, 2)],
    ["detector_ms", counters.detector_ms == null ? "–" : decimal(counters.detector_ms)],
    ["reconnects", String(counters.reconnects)],
  ];
  return (
    <dl class="counters">
      {told.map(([name, value]) => (
        <div key={name}>
          <dt>{sayOf("faring", name)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Whether a camera that is to be recorded is. */
function Recorded({ camera: { recording } }: { camera: CameraFaring }) {
  if (!recording) return null;
  const { record, reason } = recording;
  return reason ? <p class="wrong">{titleOf(reason.message)}</p> : <p class="dim">{sayOf("archive.record", record)}</p>;
}

function Fares({ camera }: { camera: CameraFaring }) {
  const age = camera.frame_age_s === null ? "" : say("faring.frame", { age: ago(camera.frame_age_s) });
  const fps = camera.fps === null ? "" : say("faring.fps", { n: decimal(camera.fps) });
  return (
    <>
      <p class={camera.state === "live" ? "" : "stale"}>
        {[sayOf("faring.state", camera.state), fps, age].filter(Boolean).join(" · ")}
      </p>
      {camera.onvif_fault && <p class="wrong">ONVIF: {sayOf("ptz.failed", camera.onvif_fault)}</p>}
      {camera.reasons.map((one) => (
        <p key={one.message.en} class="stale">
          {titleOf(one.message)}
        </p>
      ))}
      <Recorded camera={camera} />
      <Counters camera={camera} />
    </>
  );
}

/** Hang it on the wall and go there; turn it; say what it looks for; calibrate it. */
function Doings({ camera }: { camera: CameraFaring }) {
  const { desk, wall, sighting, hanging } = useHouse();
  function watch(): void {
    const hung = wall.hung.peek().ids.includes(camera.id) || wall.turn(camera.id);
    if (hung) location.hash = addressOf("video");
    else desk.tell(say("video.full", { n: wall.hung.peek().ids.length }), true);
  }
  return (
    <p class="doings">
      {desk.may("video.watch") && (
        <button type="button" onClick={watch}>
          {say("video.show")}
        </button>
      )}
      {camera.kind === "ptz" && desk.may("cameras.ptz") && (
        <button type="button" onClick={() => sighting.turn(camera.id)}>
          {say("ptz.open")}
        </button>
      )}
      {desk.may("cameras.read") && (
        <a class="button" href={addressOf("rules", String(camera.id))}>
          {say("rules.open")}
        </a>
      )}
      {desk.may("cameras.hang") && (
        <button type="button" onClick={() => void hanging.begin(camera.id)}>
          {say("hanging.open")}
        </button>
      )}
      {desk.may("compliance.card") && (
        <a class="button" href={addressOf("compliance", String(camera.id))}>
          {say("page.compliance")}
        </a>
      )}
      {desk.may("cameras.draft") && (
        <a class="button" href={addressOf("calibration", String(camera.id))}>
          {say("calibration.open")}
        </a>
      )}
    </p>
  );
}

/** Over the map; its figures are asked for again every few seconds. */
export function ChosenCamera() {
  const { client, desk } = useHouse();
  const id = desk.camera_id.value;
  const may = desk.may("cameras.health");
  const asked = useAsked(
    async () => (id === null || !may ? null : { of: id, ...(await client.cameraFaring(id)) }),
    [id, may],
  );
  useEffect(() => {
    if (id === null) return;
    const timer = setInterval(asked.again, AGAIN_MS);
    return () => clearInterval(timer);
  }, [id]);
  const told = asked.value.value;
  const camera = told?.cameras.find((one) => one.id === id);
  const answered = told?.of === id;
  if (id === null || !may) return null;
  return (
    <section class="chosen-camera float" aria-labelledby="chosen-camera">
      <header>
        <h2 id="chosen-camera">
          {camera ? titleOf(camera.name) || camera.code : say(answered ? "faring.none" : "loading")}
        </h2>
        <button
          type="button"
          class="quiet"
          aria-label={say("close_panel")}
          onClick={() => (desk.camera_id.value = null)}
        >
          ✕
        </button>
      </header>
      {asked.wrong.value && (
        <p class="wrong" role="alert">
          {asked.wrong.value}
        </p>
      )}
      {camera && <Fares camera={camera} />}
      <CameraSees />
      {camera && <Doings camera={camera} />}
    </section>
  );
}
