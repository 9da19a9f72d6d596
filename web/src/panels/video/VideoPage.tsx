/** The wall: up to sixteen cameras live, chosen in a list. Nothing is opened before somebody asks for it. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Feature } from "../../api/types";
import { LAYOUTS, type Layout } from "../../video/wall";
import { language, say, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { Page } from "../page/Page";
import { type Seen, Tile } from "./Tile";

const MOST_LISTED = 200; // beyond that nobody chooses by reading a list

/** A camera as its layer tells of it. */
function seenOf({ id, properties }: Feature): Seen {
  const told = (name: string) => String(properties[name] ?? "");
  const name = { kk: told("name_kk"), ru: told("name_ru"), en: told("name_en") };
  return { id: Number(id), code: told("code"), name };
}

function matches(camera: Seen, sought: string): boolean {
  return `${titleOf(camera.name)} ${camera.code}`
    .toLocaleLowerCase(language.value)
    .includes(sought.trim().toLocaleLowerCase(language.value));
}

function Choices({ cameras }: { cameras: readonly Seen[] }) {
  const { wall, desk } = useHouse();
  const sought = useSignal("");
  const found = cameras.filter((camera) => matches(camera, sought.value)).slice(0, MOST_LISTED);
  function turn(id: number): void {
    if (!wall.turn(id)) desk.tell(say("video.full", { n: wall.hung.peek().ids.length }), true);
  }
  return (
    <section class="choices" aria-label={say("video.cameras")}>
      <input
        type="search"
        aria-label={say("video.search")}
        placeholder={say("video.search")}
        value={sought.value}
        onInput={(typed) => (sought.value = typed.currentTarget.value)}
      />
      <ul class="lines">
        {found.map((camera) => (
          <li key={camera.id}>
            <button
              type="button"
              class="link"
              aria-pressed={wall.hung.value.ids.includes(camera.id)}
              onClick={() => turn(camera.id)}
            >
              {titleOf(camera.name) || camera.code}
            </button>{" "}
            <span class="dim">{camera.code}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="empty">{say("video.none")}</p>}
    </section>
  );
}

function Layouts() {
  const { wall } = useHouse();
  return (
    <label class="field">
      {say("video.layout")}
      <select
        value={wall.hung.value.layout}
        onChange={(chosen) => wall.lay(Number(chosen.currentTarget.value) as Layout)}
      >
        {LAYOUTS.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

function Hung({ cameras }: { cameras: readonly Seen[] }) {
  const { wall } = useHouse();
  const begun = useSignal(false);
  const { layout, ids } = wall.hung.value;
  const known = new Map(cameras.map((camera) => [camera.id, camera]));
  const hung = ids.flatMap((id) => known.get(id) ?? []).slice(0, layout);
  if (hung.length === 0) return <p class="empty">{say("video.empty")}</p>;
  if (!begun.value)
    return (
      <p class="empty">
        <button type="button" class="primary" onClick={() => (begun.value = true)}>
          {say("video.show_wall")}
        </button>
      </p>
    );
  return (
    <div class="wall" data-layout={layout} role="group" aria-label={say("video.wall")}>
      {hung.map((camera) => (
        <Tile key={camera.id} camera={camera} close={() => wall.turn(camera.id)} />
      ))}
    </div>
  );
}

/** The page. */
export function VideoPage() {
  const { client, tickets } = useHouse();
  const asked = useAsked(async () => (await client.streamed()).map(seenOf));
  const cameras = asked.value.value;
  useEffect(() => tickets.forget, []);
  return (
    <Page page="video" title={say("page.video")} aside={<Layouts />}>
      <Alert>{asked.wrong.value}</Alert>
      <div class="walled" aria-busy={!cameras && !asked.wrong.value}>
        {cameras && <Choices cameras={cameras} />}
        {cameras && <Hung cameras={cameras} />}
      </div>
    </Page>
  );
}
