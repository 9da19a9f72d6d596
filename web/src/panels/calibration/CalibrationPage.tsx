/** Calibrating cameras: the list of them, and for one its picture on the left and the map on the right. */
import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { addressOf, way } from "../../access/way";
import type { CameraBrief, CameraCalibration, CameraPicture, View } from "../../api/calibration";
import { date, decimal } from "../../words/formats";
import { say, sayOf, titleOf } from "../../words/words";
import { useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { Page } from "../page/Page";
import { MapSide } from "./MapSide";
import { PicturePane } from "./PicturePane";
import { Side } from "./Side";
import { whoOf } from "./who";
import { createWork } from "./work";

const SIGNS = { none: "○", good: "●", broken: "⚠" } as const;

function State({ of }: { of: { calibration: CameraBrief["calibration"]; error_m: number | null } }) {
  return (
    <span class={`calibration-state ${of.calibration}`}>
      <span aria-hidden="true">{SIGNS[of.calibration]}</span> {sayOf("calibration.state", of.calibration)}
      {of.error_m !== null && ` · ±${decimal(of.error_m)} ${say("calibration.m")}`}
    </span>
  );
}

function Cameras() {
  const { client, desk } = useHouse();
  const asked = useAsked(() => client.calibrations(), [desk.session.value?.entered.id]);
  const cameras = asked.value.value?.cameras;
  return (
    <div class="scrolls">
      {asked.wrong.value && (
        <p class="wrong" role="alert">
          {asked.wrong.value}
        </p>
      )}
      {cameras?.length === 0 && <p class="empty">{say("calibration.none")}</p>}
      <ul class="lines calibrations">
        {cameras?.map((camera) => (
          <li key={camera.id}>
            <a href={addressOf("calibration", String(camera.id))}>{titleOf(camera.name) || camera.code}</a>{" "}
            <span class="dim">{camera.code}</span> <State of={camera} />{" "}
            {desk.may("cameras.read") && (
              <a href={addressOf("rules", String(camera.id))} aria-label={`${say("rules.open")}: ${camera.code}`}>
                {say("rules.open")}
              </a>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** One view at work. */
function Bench(props: {
  camera: CameraCalibration;
  view: View;
  picture: Signal<CameraPicture | null>;
  stored: () => void;
}) {
  const { camera, view, picture, stored } = props;
  const { client, desk } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  const account_id = desk.account.value?.id ?? 0;
  const work = useMemo(() => createWork(account_id, client, camera, view, picture), [camera, view]);
  useEffect(() => work.stop, [work]);
  async function take(): Promise<void> {
    const taken = await attempt(() => client.cameraPicture(camera.id));
    if (taken) picture.value = taken.done;
  }
  return (
    <div class="calibrating">
      <section class="side" aria-label={say("calibration.picture")}>
        <PicturePane work={work} />
        <div class="under">
          {desk.may("video.snapshot") && (
            <button type="button" disabled={busy.value} onClick={() => void take()}>
              {say(busy.value ? "calibration.taking" : "calibration.take")}
            </button>
          )}
          {view.preset !== null && (camera.moving || camera.preset !== view.preset) && (
            <p class="doubt">{say("calibration.elsewhere")}</p>
          )}
          <p class="wrong" role="alert">
            {wrong.value}
          </p>
        </div>
      </section>
      <MapSide work={work} />
      <Side work={work} stored={stored} />
    </div>
  );
}

function Views(props: { camera: CameraCalibration; chosen: View; choose: (index: number) => void }) {
  const { camera, chosen, choose } = props;
  if (camera.views.length < 2) return null;
  return (
    <label class="field inline">
      {say("calibration.view")}
      <select onChange={(picked) => choose(picked.currentTarget.selectedIndex)}>
        {camera.views.map((view) => (
          <option key={view.preset ?? ""} selected={view === chosen}>
            {view.preset === null ? say("calibration.as_it_hangs") : titleOf(view.name) || view.preset}
          </option>
        ))}
      </select>
    </label>
  );
}

function One({ id }: { id: number }) {
  const { client } = useHouse();
  const asked = useAsked(() => client.calibration(id), [id]);
  const index = useSignal(0);
  const picture = useSignal<CameraPicture | null>(null);
  const camera = asked.value.value;
  const view = camera?.views[index.value] ?? camera?.views[0];
  if (asked.wrong.value)
    return (
      <p class="wrong" role="alert">
        {asked.wrong.value}
      </p>
    );
  if (!camera || !view) return <p class="empty">{say("loading")}</p>;
  return (
    <>
      <div class="of-camera">
        <a href={addressOf("calibration")}>‹ {say("calibration.all")}</a>
        <h3>
          {titleOf(camera.name)} <span class="dim">{camera.code}</span>
        </h3>
        <Views camera={camera} chosen={view} choose={(at) => (index.value = at)} />
        <State of={view} />
        {view.calibrated_at && (
          <span class="dim">
            {date(view.calibrated_at)}, {whoOf(view)}
          </span>
        )}
      </div>
      <Bench
        key={`${id}-${view.preset}`}
        camera={camera}
        view={view}
        picture={picture}
        stored={() => void asked.again()}
      />
    </>
  );
}

/** The page. */
export function CalibrationPage() {
  const id = Number(way.value.part);
  return (
    <Page page="calibration" title={say("page.calibration")}>
      {id > 0 ? <One key={id} id={id} /> : <Cameras />}
    </Page>
  );
}
