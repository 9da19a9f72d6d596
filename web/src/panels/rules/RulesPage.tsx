/** What a camera looks for, and where it must not look: its picture, what is drawn in it, and each rule as a form. */
import { useComputed } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { addressOf, way } from "../../access/way";
import type { CameraCalibration } from "../../api/calibration";
import type { RuledCamera } from "../../api/rules";
import { say, sayOf, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { Page } from "../page/Page";
import { Canvas } from "./Canvas";
import type { Functions } from "./draft";
import { List } from "./List";
import { Chosen } from "./RuleForm";
import { Saving } from "./Saving";
import { createWork } from "./work";

const AGAIN_MS = 5000;

/** How the camera fares with the rules that it has: what of them it cannot use stands in its reason. */
function Says({ id }: { id: number }) {
  const { client, desk } = useHouse();
  const may = desk.may("cameras.health");
  const asked = useAsked(async () => (may ? await client.cameraFaring(id) : null), [id, may]);
  useEffect(() => {
    const timer = setInterval(asked.again, AGAIN_MS);
    return () => clearInterval(timer);
  }, [id, may]);
  const camera = asked.value.value?.cameras.find((one) => one.id === id);
  if (!camera) return null;
  return (
    <span class={camera.state === "live" && !camera.reasons.length ? "dim" : "doubt"} role="status">
      {[sayOf("faring.state", camera.state), ...camera.reasons.map((one) => titleOf(one.message))].join(" · ")}
    </span>
  );
}

type Found = { camera: RuledCamera; functions: Functions; views: CameraCalibration["views"] };

function Bench({ camera, functions, views }: Found) {
  const { client, desk } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  const account_id = desk.account.value?.id ?? 0;
  const uncovers = desk.account.value?.role !== "planner"; // decision 23
  const work = useMemo(() => createWork(account_id, camera, functions, uncovers), [camera.id, account_id]);
  const may = desk.may("cameras.rules");
  const warns = useComputed(() => work.changed.value);
  useEffect(() => work.stop, [work]);
  useEffect(() => {
    const warn = (leaving: BeforeUnloadEvent) => warns.peek() && leaving.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [work]);
  async function take(): Promise<void> {
    const taken = await attempt(() => client.cameraPicture(camera.id));
    if (taken) work.picture.value = taken.done;
  }
  return (
    <div class="ruling">
      <List work={work} may={may} />
      <section class="side" aria-label={say("rules.picture")}>
        <Canvas work={work} may={may} />
        <div class="under">
          {desk.may("video.snapshot") && (
            <button type="button" disabled={busy.value} onClick={() => void take()}>
              {say(busy.value ? "calibration.taking" : "calibration.take")}
            </button>
          )}
          <Alert>{wrong.value}</Alert>
          {may && (
            <p class="dim" id="rules-keys">
              {say("rules.keys")}
            </p>
          )}
        </div>
      </section>
      <section class="by" aria-label={say("rules.settings")}>
        {may ? <Saving work={work} /> : <p class="hint">{say("rules.read_only")}</p>}
        <Chosen work={work} may={may} views={views} />
      </section>
    </div>
  );
}

function One({ id }: { id: number }) {
  const { client } = useHouse();
  const asked = useAsked(async (): Promise<Found> => {
    const [camera, told, calibration] = await Promise.all([
      client.ruledCamera(id),
      client.cameraFunctions(),
      client.calibration(id), // for the names of its views
    ]);
    const functions = Object.fromEntries(told.functions.map((one) => [one.name, one]));
    return { camera, functions, views: calibration.views };
  }, [id]);
  const found = asked.value.value;
  if (asked.wrong.value) return <Alert>{asked.wrong.value}</Alert>;
  if (!found) return <p class="empty">{say("loading")}</p>;
  const { camera } = found;
  return (
    <>
      <div class="of-camera">
        <a href={addressOf("desk")}>‹ {say("rules.to_map")}</a>
        <h3>
          {titleOf(camera.name)} <span class="dim">{camera.code}</span>
        </h3>
        <Says id={id} />
      </div>
      <Bench {...found} />
    </>
  );
}

/** The page. */
export function RulesPage() {
  const id = Number(way.value.part);
  return (
    <Page page="rules" title={say("rules.title")}>
      {id > 0 ? <One key={id} id={id} /> : <p class="empty">{say("rules.pick")}</p>}
    </Page>
  );
}
