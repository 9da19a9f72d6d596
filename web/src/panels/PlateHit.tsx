/** What a hit of the hotlist rests on, and where that plate was seen last: numbered here as on the map. */
import { useEffect } from "preact/hooks";
import type { Hit } from "../api/hotlist";
import type { QyranEvent } from "../api/types";
import { say, sayOf, titleOf } from "../words/words";
import { Alert } from "./Alert";
import { useHouse } from "./house";
import { useAsked } from "./page/asked";
import { Moment } from "./page/fields";

/** The grounds as the event carries them; pure. */
export function groundsOf({ details }: Pick<QyranEvent, "details">) {
  const text = (name: string) => (typeof details[name] === "string" ? (details[name] as string) : "");
  const entry = typeof details.entry === "number" ? details.entry : null;
  return { entry, plate: text("plate"), wanted: text("wanted"), grounds: text("legal_basis"), owner: text("owner") };
}

function cameraOf({ camera }: Hit): string {
  if (!camera) return "";
  return `${titleOf(camera.name) || say("hotlist.by_camera", { code: camera.code })} ·`;
}

/** One place of the trail, with its number on the map. */
export function HitLine({ hit, number }: { hit: Hit; number: number }) {
  const { desk } = useHouse();
  return (
    <li>
      <b>{number}</b>{" "}
      <button type="button" class="link" onClick={() => desk.flyTo(hit.place, 16)}>
        <Moment at={hit.at} />
      </button>{" "}
      <span class="dim">
        {cameraOf(hit)} {Math.round(hit.certainty * 100)} %{hit.merged > 0 && ` · +${hit.merged}`}
      </span>
    </li>
  );
}

/** The last hits; they stand on the map as long as this is drawn. */
function Trail({ entry }: { entry: number }) {
  const { client, desk } = useHouse();
  const { value, wrong } = useAsked(async () => (await client.hits(entry)).hits, [entry]);
  const hits = value.value;
  useEffect(() => {
    desk.trail.value = hits ?? [];
    return () => {
      desk.trail.value = [];
    };
  }, [hits]);
  return (
    <>
      <b>{say("hotlist.trail")}</b>
      <Alert>{wrong.value}</Alert>
      <ol class="lines">
        {hits?.map((hit, i) => (
          <HitLine key={hit.event_id} hit={hit} number={i + 1} />
        ))}
      </ol>
    </>
  );
}

/** The part of the decision. */
export function PlateHit({ event }: { event: QyranEvent }) {
  const { desk } = useHouse();
  const { entry, plate, wanted, grounds, owner } = groundsOf(event);
  return (
    <section class="plate-hit" aria-label={say("admin.hotlist")}>
      <p>
        <b class="plate">{plate}</b> {sayOf("hotlist.kind", wanted)}
      </p>
      <p class="dim">{[grounds, owner].filter(Boolean).join(" · ")}</p>
      <p class="hint">{say("hotlist.lead")}</p>
      {entry !== null && desk.may("hotlist.hits") && <Trail entry={entry} />}
    </section>
  );
}
