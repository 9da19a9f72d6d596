/** The past of any interval played again: the map, its time, and what was open; plainly not the present. */

import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { MapDocument } from "../api/types";
import { Alert } from "../panels/Alert";
import { useHouse } from "../panels/house";
import { Page } from "../panels/page/Page";
import { useStatusTitle } from "../panels/parts";
import { say, sayOf } from "../words/words";
import { Controls, PastClock, SpanForm } from "./Controls";
import { pressPlayed } from "./keys";
import { createPastMap, type Over, type PastMap } from "./map";
import { createPlayer, type Player, type Wanted } from "./player";
import { callPlace, callTitle, Standing } from "./Standing";
import { asked, lastHour } from "./wanted";

function Named({ over, player }: { over: Over | null; player: Player }) {
  const status = useStatusTitle();
  const scene = player.scene.value;
  const unit = over?.layer === "units" ? scene?.units.get(over.id) : undefined;
  const incident = over?.layer === "incidents" ? scene?.incidents.find((one) => one.id === over.id) : undefined;
  const call = over?.layer === "calls" ? scene?.calls.find((one) => one.id === over.id) : undefined;
  if (!over || !(unit || incident || call)) return null;
  return (
    <div class="hover" style={{ left: `${over.x + 14}px`, top: `${over.y + 14}px` }}>
      {unit && `${unit.call_sign} · ${status(unit.status)}`}
      {incident && `${incident.number} · ${sayOf("incident.state", incident.state)}`}
      {call && `${callTitle(call)} · ${callPlace(call)}`}
    </div>
  );
}

function PastPane({ document, player, made }: { document: MapDocument; player: Player; made: (map: PastMap) => void }) {
  const { desk } = useHouse();
  const element = useRef<HTMLDivElement>(null);
  const over = useSignal<Over | null>(null);
  const failed = useSignal(false);
  useEffect(() => {
    if (!element.current) return;
    const place = asked.peek()?.place;
    const left = desk.view.peek() ?? document;
    const view = place ? { centre: place, zoom: 14 } : { centre: left.centre, zoom: left.zoom };
    const coming = createPastMap(element.current, document, view, { player, over: (found) => (over.value = found) });
    coming.then(made).catch(() => (failed.value = true));
    return () =>
      void coming.then(
        (map) => map.stop(),
        () => undefined,
      );
  }, [document]);
  return (
    <div class="map past" role="group" aria-label={say("replay.map")}>
      <div class="canvas" ref={element} />
      {failed.value && (
        <p class="failed" role="alert">
          {say("map.failed")}
        </p>
      )}
      <PastClock player={player} />
      <Named over={over.value} player={player} />
      <p class="credit">{say("map.credit")}</p>
    </div>
  );
}

/** The page. */
export function ReplayPage() {
  const { client, desk, now } = useHouse();
  const player = useMemo(() => createPlayer(client), [client]);
  const map = useRef<PastMap | null>(null);
  const wanted = useSignal<Wanted>(asked.peek() ?? lastHour(now.peek()));
  const document = desk.document.value;
  function open(span: Wanted): void {
    wanted.value = span;
    void player.open(span);
  }
  useEffect(() => {
    open(wanted.peek());
    return () => (asked.value = null);
  }, [desk.session.value?.entered.id]);
  useEffect(() => {
    const listen = (pressed: KeyboardEvent) => pressPlayed(player, pressed);
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [player]);
  const cut = player.cut.value;
  return (
    <Page
      page="replay"
      title={say("page.replay")}
      aside={<SpanForm key={wanted.value.from_ms} wanted={wanted.value} open={open} />}
    >
      <Alert>{player.wrong.value}</Alert>
      {cut.length > 0 && (
        <p class="hint" role="status">
          {say("replay.cut")}
        </p>
      )}
      <div class="replay" aria-busy={player.loading.value}>
        {document && <PastPane document={document} player={player} made={(one) => (map.current = one)} />}
        <Standing player={player} fly={(place) => map.current?.fly(place)} />
      </div>
      <Controls player={player} />
      <p class="unseen" role="status">
        {player.loading.value ? say("loading") : ""}
      </p>
    </Page>
  );
}
